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


def prepared(table):
    table = table.copy()
    date = pd.to_datetime(table.pop("arrival_date"))
    return table.assign(month=date.dt.month_name(), weekday=date.dt.day_name(), week=date.dt.day_of_year / 7)


bookings = prepared(pd.concat([train, valid], ignore_index=True))
bookings["log_rate"] = np.log(bookings.pop(target))
names = [name for name in bookings if not pd.api.types.is_numeric_dtype(bookings[name])]
amounts = [name for name in bookings if name not in [*names, "log_rate"]]
dls = TabularDataLoaders.from_df(bookings, procs=[Categorify, FillMissing, Normalize], cat_names=names, cont_names=amounts,
                                 y_names="log_rate", y_block=RegressionBlock(), bs=128, device=device,
                                 valid_idx=list(range(len(train), len(bookings))))
learn = tabular_learner(dls, layers=[200, 100], y_range=(2.8, 6.4), metrics=rmse)
learn.fit_one_cycle(epochs, learning_rate)
trees = HistGradientBoostingRegressor(random_state=0).fit(bookings[amounts][:len(train)], bookings["log_rate"][:len(train)])

# %% lift-answer
def rate(table):
    rows = prepared(table)
    with learn.no_bar(), learn.no_logging():
        said, _ = learn.get_preds(dl=dls.test_dl(rows))
    return np.exp((said.numpy().ravel() + trees.predict(rows[amounts])) / 2)

# %% errors-answer
print('later')
