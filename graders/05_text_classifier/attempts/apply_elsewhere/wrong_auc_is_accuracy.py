# /// attempt
# says = "The share of right answers at a threshold of zero."
# kind = "wrong"
# [expect]
# auc = [0, 0.8]
# ///
# %% auc-answer
def auc(truth, scores):
    return float(((scores > 0) == truth).mean())
