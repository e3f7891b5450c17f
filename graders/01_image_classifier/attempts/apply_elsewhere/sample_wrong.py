# /// attempt
# says = "The interval of the model's accuracy for that of its gain; the cheapest pictures for the most expensive."
# kind = "wrong"
# [expect]
# gain_interval = 0
# most_expensive = 0
# ///
# %% gain-interval-answer
def gain_interval(truth, model, baseline, draws):
    right = (model == truth)[draws].mean(axis=1)
    return float(np.quantile(right, 0.025)), float(np.quantile(right, 0.975))

# %% most-expensive-answer
def most_expensive(scores, labels, count):
    log_probability = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return np.argsort(-log_probability[np.arange(len(labels)), labels])[:count].tolist()
