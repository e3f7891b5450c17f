# /// attempt
# says = "A 90 % interval for a 95 % one."
# kind = "wrong"
# [expect]
# gain_interval = [0, 0.7]
# ///
# %% gain-interval-answer
def gain_interval(truth, model, baseline, draws):
    better = (model == truth).astype(float) - (baseline == truth).astype(float)
    return tuple(np.quantile(better[draws].mean(axis=1), [0.05, 0.95]).tolist())
