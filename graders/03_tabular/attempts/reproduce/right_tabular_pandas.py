# /// attempt
# says = "TabularPandas by hand, wider layers, loops instead of pandas."
# kind = "right"
# ///
# %% data-answer
from fastai.tabular.all import TabularPandas

both = pd.concat([train, valid], ignore_index=True).assign(target=lambda t: np.log(t["price"]))
whole = TabularPandas(both, procs=[Categorify, Normalize], cat_names=["color", "cut", "clarity"],
                      cont_names=["carat", "x", "y", "z", "depth", "table"], y_names="target", y_block=RegressionBlock(),
                      splits=(list(range(len(train))), list(range(len(train), len(both)))))
stones = whole.items.assign(log_price=both["target"])
dls = whole.dataloaders(bs=batch_size, device=device)

# %% rmse-log-answer
def rmse_log(predicted, truth):
    total = 0
    for p, t in zip(predicted, truth):
        total += np.log(p / t) ** 2
    return (total / len(truth)) ** 0.5

# %% look-up-answer
def look_up(vocabulary, weight, asked):
    rows = np.zeros((len(asked), weight.shape[1]))
    for n, word in enumerate(asked):
        rows[n] = weight[vocabulary.index(word) + 1] if word in vocabulary else weight[0]
    return torch.tensor(rows)

# %% group-bias-answer
def group_bias(groups, predicted, truth):
    off = {}
    for name, p, t in zip(groups, predicted, truth):
        off.setdefault(name, []).append(np.log(p / t))
    return {name: float(np.mean(values)) for name, values in off.items()}

# %% network-answer
learn = tabular_learner(dls, layers=[128, 64], y_range=(5.5, 10.2), metrics=rmse)
learn.fit_one_cycle(9, 0.03)
