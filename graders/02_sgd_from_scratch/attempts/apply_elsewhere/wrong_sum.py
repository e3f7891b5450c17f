# /// attempt
# says = "Adds the gains up instead of taking their mean."
# kind = "wrong"
# [expect]
# gain = 0
# ///
# %% gain_answer
def gain(truth, ours, theirs):
    d = (ours == truth).astype(float) - (theirs == truth)
    return float(d.sum()), float(d.std())
