# /// attempt
# says = "A 90 % interval for a 95 % one, and the cheapest pictures for the most expensive."
# kind = "wrong"
# [expect]
# gain_interval = 0
# most_expensive = 0
# ///
# %% gain-interval-answer
def gain_interval(truth, model, baseline, draws):
    better = (model == truth).astype(float) - (baseline == truth).astype(float)
    low, high = np.quantile(better[draws].mean(axis=1), [0.05, 0.95])
    return float(low), float(high)

# %% most-expensive-answer
def most_expensive(scores, labels, count):
    log_probability = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return np.argsort(-log_probability[np.arange(len(labels)), labels])[:count].tolist()
