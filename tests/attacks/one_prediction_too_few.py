"""All the predictions but the last.

Ends with: 5 of 10.
The feedback says: predictions of shape (399,) for 400 rows
"""
# /// attempt
# says = "All the predictions but the last."
# kind = "wrong"
# [expect]
# accuracy = 0
# ///

# /// attack
# feedback = "predictions of shape (399,) for 400 rows"
# ///
# %% answer_model
model = KNeighborsClassifier(3).fit(read(train), labels)
predict = lambda paths: model.predict(read(paths))[:-1]
