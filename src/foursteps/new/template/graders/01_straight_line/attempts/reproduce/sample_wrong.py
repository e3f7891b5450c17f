# /// attempt
# says = "Regresses x on y, and forgets the root."
# kind = "wrong"
# [expect]
# rmse = 0
# fit_line = 0
# weight = [0, 3]
# ///
# %% rmse_answer
def rmse(predicted, truth):
    return float(np.mean((predicted - truth) ** 2))
# %% fit_line_answer
def fit_line(x, y):
    from_x, from_y = x - x.mean(), y - y.mean()
    slope = (from_x * from_y).sum() / (from_y**2).sum()
    return float(slope), float(y.mean() - slope * x.mean())
