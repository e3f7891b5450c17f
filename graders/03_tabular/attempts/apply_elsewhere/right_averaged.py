# /// attempt
# says = "A network and gradient boosting, averaged on the logarithm."
# kind = "right"
# ///
# %% codes-answer
def codes(train, new, at_least):
    from collections import Counter

    counts = Counter(word for word in train if word is not None)
    known = sorted(word for word, times in counts.items() if times >= at_least)
    return np.array([known.index(word) + 1 if word in known else 0 for word in new])

# %% worst-groups-answer
def worst_groups(groups, predicted, truth, at_least, count):
    squares = {}
    for name, p, t in zip(groups, predicted, truth):
        squares.setdefault(name, []).append(np.log(p / t) ** 2)
    error = {name: np.mean(values) for name, values in squares.items() if len(values) >= at_least}
    return sorted(error, key=error.get, reverse=True)[:count]

# %% network-answer
from sklearn.ensemble import HistGradientBoostingRegressor

words = [name for name in train if not pd.api.types.is_numeric_dtype(train[name])]


def for_trees(table):
    date = pd.to_datetime(table["arrival_date"])
    known, asked = train.fillna("none"), table.fillna("none")
    columns = {name: codes(known[name].tolist(), asked[name].tolist(), 10) for name in words if name != "arrival_date"}
    return table.drop(columns=[*words, target], errors="ignore").assign(**columns, week=date.dt.day_of_year / 7,
                                                                        weekday=date.dt.dayofweek)


def for_network(table):
    table = table.copy()
    date = pd.to_datetime(table.pop("arrival_date"))
    return table.assign(month=date.dt.month_name(), weekday=date.dt.day_name(), week=date.dt.day_of_year / 7)


trees = HistGradientBoostingRegressor(random_state=0).fit(for_trees(train), np.log(train[target]))
bookings = for_network(pd.concat([train, valid], ignore_index=True))
bookings["log_rate"] = np.log(bookings.pop(target))
names = [name for name in bookings if not pd.api.types.is_numeric_dtype(bookings[name])]
amounts = [name for name in bookings if name not in [*names, "log_rate"]]
dls = TabularDataLoaders.from_df(bookings, procs=[Categorify, FillMissing, Normalize], cat_names=names, cont_names=amounts,
                                 y_names="log_rate", y_block=RegressionBlock(), bs=128, dl_type=TabDataLoader, device=device,
                                 valid_idx=list(range(len(train), len(bookings))))
learn = tabular_learner(dls, layers=[200, 100], y_range=(2.8, 6.4), metrics=rmse)
learn.fit_one_cycle(epochs, learning_rate)

# %% lift-answer
def rate(table):
    with learn.no_bar(), learn.no_logging():
        said, _ = learn.get_preds(dl=dls.test_dl(for_network(table)))
    return np.exp((said.numpy().ravel() + trees.predict(for_trees(table))) / 2)

# %% errors-answer
print('later')
