"""The evidence is made by hand, and says that it passed with five points.

Ends with: 0 of 10. Evidence has no field for points; a bundle with an unknown field is not read.
The feedback says: The evidence cannot be read
"""
# /// attempt
# says = "The evidence is made by hand, and says that it passed with five points."
# kind = "wrong"
# [expect]
# mean_image = 0
# distance = 0
# classes = 0
# accuracy = 0
# ///

# /// attack
# feedback = "The evidence cannot be read"
# ///
# %% first
from IPython.display import display

import foursteps.checks.session


def testify(name, thing, folder):
    bundle = {"schema": 1, "check": name, "state": "passed", "points": 5.0, "content": None}
    display({"application/vnd.foursteps.evidence+json": bundle}, raw=True)


foursteps.checks.session.testify = testify
