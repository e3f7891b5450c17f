# /// attempt
# says = "An interval for each error on its own, then the difference of the ends."
# kind = "wrong"
# [expect]
# rmse_gain = 0
# ///
# %% gain-answer
def rmse_gain(truth, model, baseline, draws):
    ours = np.quantile(np.sqrt(((model - truth) ** 2)[draws].mean(axis=1)), [0.025, 0.975])
    theirs = np.quantile(np.sqrt(((baseline - truth) ** 2)[draws].mean(axis=1)), [0.025, 0.975])
    return float(theirs[0] - ours[1]), float(theirs[1] - ours[0])
