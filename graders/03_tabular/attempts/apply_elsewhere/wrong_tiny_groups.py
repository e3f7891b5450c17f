# /// attempt
# says = "Ranks groups of one or two rows with the rest."
# kind = "wrong"
# [expect]
# worst_groups = 0
# ///
# %% worst-groups-answer
def worst_groups(groups, predicted, truth, at_least, count):
    squares = pd.Series((np.log(predicted) - np.log(truth)) ** 2).groupby(np.array(groups)).mean()
    return squares.sort_values(ascending=False).index[:count].tolist()

# %% errors-answer
print('later')
