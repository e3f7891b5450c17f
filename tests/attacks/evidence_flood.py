"""A thousand bundles of evidence in one cell, in the hope that the best one counts.

Ends with: 5 of 10. Where more than one bundle came, none counts.
The feedback says: bundles of evidence where one counts, so none does
"""
# /// attempt
# says = "A thousand bundles of evidence in one cell, in the hope that the best one counts."
# kind = "wrong"
# [expect]
# accuracy = 0
# ///

# /// attack
# feedback = "bundles of evidence where one counts, so none does"
# ///
# %% answer_model
from IPython.display import display


def predict(paths):
    for number in range(1000):
        labels = ["37"[number % 2]] * len(paths)
        bundle = {
            "schema": 1,
            "check": "accuracy",
            "state": "given",
            "dataset": "mnist_3_7",
            "content": {"labels": labels},
        }
        display({"application/vnd.foursteps.evidence+json": bundle}, raw=True)
    return ["3"] * len(paths)
