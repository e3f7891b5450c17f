# /// attempt
# says = "Gives the intercept first."
# kind = "wrong"
# [expect]
# fit_line = 0
# weight = 0
# ///
# %% fit_line_answer
def fit_line(x, y):
    slope = np.cov(x, y)[0, 1] / np.var(x, ddof=1)
    return y.mean() - slope * x.mean(), slope
