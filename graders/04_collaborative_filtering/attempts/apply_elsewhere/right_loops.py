# /// attempt
# says = "The tools with Python loops."
# kind = "right"
# ///
# %% gain-answer
def rmse_gain(truth, model, baseline, draws):
    gains = []
    for rows in draws:
        errors = [(said[rows] - truth[rows]) ** 2 for said in (baseline, model)]
        gains.append(errors[0].mean() ** 0.5 - errors[1].mean() ** 0.5)
    return np.percentile(gains, [2.5, 97.5])

# %% known-answer
def error_by_known(trained, asked, errors, edges):
    groups = [[] for _ in range(len(edges) + 1)]
    for name, error in zip(asked, errors):
        times = list(trained).count(name)
        groups[sum(times >= edge for edge in edges)].append(error**2)
    return [(sum(group) / len(group)) ** 0.5 for group in groups]

# %% errors-answer
print("later")
