# /// attempt
# says = "Gives the unpaired error, and the surest rows for the worst."
# kind = "wrong"
# [expect]
# gain = [0, 0.75]
# worst = 0
# ///
# %% gain_answer
def gain(truth, ours, theirs):
    a, c = np.mean(ours == truth), np.mean(theirs == truth)
    return float(a - c), float(np.sqrt(a * (1 - a) / len(truth)))
# %% worst_answer
def worst(truth, p, k):
    return np.argsort(-np.abs(p - 0.5))[:k].tolist()
