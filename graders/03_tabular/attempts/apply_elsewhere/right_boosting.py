# /// attempt
# says = "Gradient boosting on codes of frequent words: no network at all, and better."
# kind = "right"
# ///
# %% network-answer
from sklearn.ensemble import HistGradientBoostingRegressor

words = [name for name in train if not pd.api.types.is_numeric_dtype(train[name])]


def prepared(table):
    date = pd.to_datetime(table["arrival_date"])
    columns = {name: codes(train[name].tolist(), table[name].tolist(), 10) for name in words if name != "arrival_date"}
    return table.drop(columns=[*words, target], errors="ignore").assign(**columns, week=date.dt.day_of_year / 7,
                                                                        weekday=date.dt.dayofweek)


trees = HistGradientBoostingRegressor(random_state=0, max_iter=200).fit(prepared(train), np.log(train[target]))

# %% lift-answer
def rate(table):
    return np.exp(trees.predict(prepared(table)))

# %% errors-answer
print('later')
