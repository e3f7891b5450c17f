# /// attempt
# says = "Takes ours minus theirs, so that a gain is below zero."
# kind = "wrong"
# [expect]
# gain = 0
# ///
# %% gain_answer
def gain(truth, ours, theirs):
    difference = (ours - truth) ** 2 - (theirs - truth) ** 2
    return float(difference.mean()), float(difference.std() / np.sqrt(len(difference)))
