"""Right predictions, handed over in the reverse order.

Ends with: at most 6 of 10: the model's points are lost.
The feedback says: accuracy
"""
# /// attempt
# says = "Right predictions, handed over in the reverse order."
# kind = "wrong"
# [expect]
# accuracy = [0, 1]
# ///

# /// attack
# feedback = "accuracy"
# ///
# %% answer_model
model = KNeighborsClassifier(3).fit(read(train), labels)
predict = lambda paths: model.predict(read(paths))[::-1]
