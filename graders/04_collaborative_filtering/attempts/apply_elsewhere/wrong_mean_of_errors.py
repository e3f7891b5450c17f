# /// attempt
# says = "Averages the errors with their signs, so that they cancel."
# kind = "wrong"
# [expect]
# error_by_known = 0
# ///
# %% known-answer
def error_by_known(trained, asked, errors, edges):
    times = pd.Series(asked).map(pd.Series(trained).value_counts()).fillna(0)
    group = np.searchsorted(edges, times, side="right")
    errors = pd.Series(np.array(errors))
    return [float(abs(errors[group == k].mean())) for k in range(len(edges) + 1)]
