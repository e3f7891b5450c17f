# /// attempt
# says = "Of what is read, the share that is an effect: precision for recall."
# kind = "wrong"
# [expect]
# found_in_top = [0, 0.8]
# ///
# %% found-answer
def found_in_top(truth, scores, k):
    return float(truth[np.argsort(-scores)[:k]].mean())
