"""Predictions that are NaN: equal to nothing, or so it is hoped to everything.

Ends with: 5 of 10.
The feedback says: No better than
"""
# /// attempt
# says = "Predictions that are NaN: equal to nothing, or so it is hoped to everything."
# kind = "wrong"
# [expect]
# accuracy = 0
# ///

# /// attack
# feedback = "No better than"
# ///
# %% answer_model
predict = lambda paths: [float("nan")] * len(paths)
