"""Evidence for the model is shown in the learner's own cell, before the check.

Ends with: 5 of 10. Only what the check's own cell shows is evidence.
The feedback says: No better than
"""
# /// attempt
# says = "Evidence for the model is shown in the learner's own cell, before the check."
# kind = "wrong"
# [expect]
# accuracy = 0
# ///

# /// attack
# feedback = "No better than"
# ///
# %% answer_model
from IPython.display import display

bundle = {
    "schema": 1,
    "check": "accuracy",
    "state": "given",
    "dataset": "mnist_3_7",
    "content": {"labels": ["7"] * 400},
}
display({"application/vnd.foursteps.evidence+json": bundle}, raw=True)
predict = lambda paths: ["3"] * len(paths)
