# /// attempt
# says = "Gives the least wrong rows first."
# kind = "wrong"
# [expect]
# worst = 0
# ///
# %% worst_answer
def worst(truth, p, k):
    return np.argsort(np.abs(truth - p))[:k].tolist()
