"""A function gives a whole number of four hundred digits, which no float can hold.

Ends with: 8 of 10.
The feedback says: 0 of 4 hidden inputs right
"""
# /// attempt
# says = "A function gives a whole number of four hundred digits, which no float can hold."
# kind = "wrong"
# [expect]
# distance = 0
# ///


# /// attack
# feedback = "0 of 4 hidden inputs right"
# ///
# %% answer_distance
def distance(a, b):
    return 10**400
