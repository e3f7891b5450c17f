"""Every training picture is learned by heart, with its label; anything else is a three.

Ends with: 5 of 10: the held-out rows are others.
The feedback says: No better than
"""
# /// attempt
# says = "Every training picture is learned by heart, with its label; anything else is a three."
# kind = "wrong"
# [expect]
# accuracy = 0
# ///

# /// attack
# feedback = "No better than"
# ///
# %% answer_model
known = {file.read_bytes(): label for file, label in zip(train, labels)}
predict = lambda paths: [known.get(path.read_bytes(), "3") for path in paths]
