# /// attempt
# says = "Model minus baseline: a better model has a gain below zero."
# kind = "wrong"
# [expect]
# rmse_gain = 0
# ///
# %% gain-answer
def rmse_gain(truth, model, baseline, draws):
    ours = np.sqrt(((model - truth) ** 2)[draws].mean(axis=1))
    theirs = np.sqrt(((baseline - truth) ** 2)[draws].mean(axis=1))
    return tuple(np.quantile(ours - theirs, [0.025, 0.975]).tolist())
