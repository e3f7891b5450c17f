"""A predict that never answers.

Ends with: 5 of 10.
The feedback says: The cell ran longer than its limit of 10 s
"""
# /// attempt
# says = "A predict that never answers."
# kind = "wrong"
# [expect]
# accuracy = 0
# ///

# /// attack
# feedback = "The cell ran longer than its limit of 10 s"
# ///
# %% answer_model
import time


def predict(paths):
    time.sleep(60)
