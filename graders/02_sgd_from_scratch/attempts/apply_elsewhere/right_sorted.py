# /// attempt
# says = "Sorts with Python, and takes the gain as a difference of accuracies."
# kind = "right"
# ///
# %% worst_answer
def worst(truth, p, k):
    return sorted(range(len(p)), key=lambda i: -abs(truth[i] - p[i]))[:k]
# %% gain_answer
def gain(truth, ours, theirs):
    a, c = ours == truth, theirs == truth
    error = np.std(a * 1.0 - c * 1.0) / len(truth) ** 0.5
    return float(a.mean() - c.mean()), float(error)
