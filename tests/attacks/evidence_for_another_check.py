"""The evidence of a check that passed is shown again for one that does not.

Ends with: 8 of 10. Evidence names its check.
The feedback says: The evidence is for another check
"""
# /// attempt
# says = "The evidence of a check that passed is shown again for one that does not."
# kind = "wrong"
# [expect]
# distance = 0
# ///

# /// attack
# feedback = "The evidence is for another check"
# ///
# %% answer_distance
import foursteps.checks.session as session

honest = session.testify


def testify(name, thing, folder):
    honest("mean_image" if name == "distance" else name, mean_image if name == "distance" else thing, folder)


session.testify = testify


def distance(a, b):
    return 0.0
