# /// attempt
# says = "Forgets the absolute value, and divides the spread by n - 1."
# kind = "wrong"
# [expect]
# gain = 0
# worst = 0
# ///
# %% worst_answer
def worst(truth, p, k):
    return np.argsort(p - truth)[:k].tolist()
# %% gain_answer
def gain(truth, ours, theirs):
    difference = (ours == truth).astype(float) - (theirs == truth)
    return float(difference.mean()), float(difference.std(ddof=1) / np.sqrt(len(difference)))
