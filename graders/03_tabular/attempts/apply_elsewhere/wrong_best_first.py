# /// attempt
# says = "Gives the best groups, the list is sorted upwards."
# kind = "wrong"
# [expect]
# worst_groups = 0
# ///
# %% worst-groups-answer
def worst_groups(groups, predicted, truth, at_least, count):
    of_group = pd.Series((np.log(predicted) - np.log(truth)) ** 2).groupby(np.array(groups)).agg(["mean", "size"])
    enough = of_group[of_group["size"] >= at_least]
    return enough["mean"].sort_values().index[:count].tolist()

# %% errors-answer
print('later')
