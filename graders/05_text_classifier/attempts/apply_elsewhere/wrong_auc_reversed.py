# /// attempt
# says = "How often a 0 is above a 1."
# kind = "wrong"
# [expect]
# auc = [0, 0.8]
# ///
# %% auc-answer
def auc(truth, scores):
    gaps = scores[truth == 0][:, None] - scores[truth == 1][None, :]
    return float(np.mean((gaps > 0) + 0.5 * (gaps == 0)))
