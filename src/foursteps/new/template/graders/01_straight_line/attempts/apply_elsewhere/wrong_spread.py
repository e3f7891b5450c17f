# /// attempt
# says = "Forgets the root of n: a spread is no standard error."
# kind = "wrong"
# [expect]
# gain = 0
# ///
# %% gain_answer
def gain(truth, ours, theirs):
    difference = (theirs - truth) ** 2 - (ours - truth) ** 2
    return float(difference.mean()), float(difference.std())
