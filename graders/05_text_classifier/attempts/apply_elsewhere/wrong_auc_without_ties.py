# /// attempt
# says = "Ties count nothing."
# kind = "wrong"
# [expect]
# auc = [0, 1.7]
# ///
# %% auc-answer
def auc(truth, scores):
    return float(np.mean(scores[truth == 1][:, None] > scores[truth == 0][None]))
