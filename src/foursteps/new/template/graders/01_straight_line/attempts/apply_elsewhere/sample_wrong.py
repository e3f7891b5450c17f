# /// attempt
# says = "No intercept, and the error of unpaired rows."
# kind = "wrong"
# [expect]
# least_squares = 0
# gain = [0, 1]
# lift = 0
# ///
# %% least_squares_answer
def least_squares(x, y):
    return np.linalg.lstsq(x, y, rcond=None)[0]
# %% gain_answer
def gain(truth, ours, theirs):
    a, b = (ours - truth) ** 2, (theirs - truth) ** 2
    return float(b.mean() - a.mean()), float(np.sqrt((a.var() + b.var()) / len(truth)))
