"""check() is replaced by a function that gives full marks.

Ends with: 0 of 10. A check that was not asked has no evidence, and the value of a cell counts for nothing.
The feedback says: The cell ended before its check could look at anything.
"""
# /// attempt
# says = "check() is replaced by a function that gives full marks."
# kind = "wrong"
# [expect]
# mean_image = 0
# distance = 0
# classes = 0
# accuracy = 0
# ///

# /// attack
# feedback = "The cell ended before its check could look at anything."
# ///
# %% first
import foursteps
import foursteps.checks.session


def check(name, thing):
    return 5.0


foursteps.check = foursteps.checks.session.check = check
