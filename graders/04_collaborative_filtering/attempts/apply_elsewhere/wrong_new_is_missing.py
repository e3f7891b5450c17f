# /// attempt
# says = "Loses the names that never were in training."
# kind = "wrong"
# [expect]
# error_by_known = [0, 1]
# ///
# %% known-answer
def error_by_known(trained, asked, errors, edges):
    times = pd.Series(asked).map(pd.Series(trained).value_counts())
    group = np.searchsorted(edges, times.to_numpy(), side="right")
    squared = pd.Series(np.array(errors) ** 2)
    return [float(np.sqrt(squared[group == k].mean())) if (group == k).any() else 0.0 for k in range(len(edges) + 1)]
