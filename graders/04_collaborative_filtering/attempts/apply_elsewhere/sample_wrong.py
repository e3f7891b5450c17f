# /// attempt
# says = "The interval of the model's error for that of its gain; groups an edge too low."
# kind = "wrong"
# [expect]
# rmse_gain = 0
# error_by_known = [0, 1]
# ///
# %% gain-answer
def rmse_gain(truth, model, baseline, draws):
    ours = np.sqrt(((model - truth) ** 2)[draws].mean(axis=1))
    low, high = np.quantile(ours, [0.025, 0.975])
    return float(low), float(high)

# %% known-answer
def error_by_known(trained, asked, errors, edges):
    times = pd.Series(asked).map(pd.Series(trained).value_counts()).fillna(0)
    group = np.searchsorted(edges, times, side="left")
    squared = pd.Series(np.array(errors) ** 2)
    return [float(np.sqrt(squared[group == k].mean())) if (group == k).any() else 0.0 for k in range(len(edges) + 1)]
