# /// attempt
# says = "Rare words keep codes of their own; groups are ranked by their error in money."
# kind = "wrong"
# [expect]
# codes = 0
# worst_groups = [0, 1.5]
# ///
# %% codes-answer
def codes(train, new, at_least):
    known = sorted({word for word in train if word is not None})
    number = {word: code for code, word in enumerate(known, 1)}
    return [number.get(word, 0) for word in new]

# %% worst-groups-answer
def worst_groups(groups, predicted, truth, at_least, count):
    squares = pd.Series((predicted - truth) ** 2).groupby(np.array(groups)).agg(["mean", "size"])
    enough = squares[squares["size"] >= at_least]
    return enough["mean"].sort_values(ascending=False).index[:count].tolist()

# %% errors-answer
print('later')
