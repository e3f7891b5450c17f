# /// attempt
# says = "An interval for each accuracy on its own, then the difference of the ends."
# kind = "wrong"
# [expect]
# gain_interval = [0, 0.7]
# ///
# %% gain-interval-answer
def gain_interval(truth, model, baseline, draws):
    ours = np.quantile((model == truth)[draws].mean(axis=1), [0.025, 0.975])
    theirs = np.quantile((baseline == truth)[draws].mean(axis=1), [0.025, 0.975])
    return ours[0] - theirs[1], ours[1] - theirs[0]
