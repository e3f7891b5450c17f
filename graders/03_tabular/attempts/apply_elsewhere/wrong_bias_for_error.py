# /// attempt
# says = "Ranks groups by how far they lean, where errors of both signs cancel."
# kind = "wrong"
# [expect]
# worst_groups = [0, 2]
# ///
# %% worst-groups-answer
def worst_groups(groups, predicted, truth, at_least, count):
    of_group = pd.Series(np.log(predicted) - np.log(truth)).groupby(np.array(groups)).agg(["mean", "size"])
    enough = of_group[of_group["size"] >= at_least]
    return enough["mean"].sort_values(ascending=False).index[:count].tolist()

# %% errors-answer
print('later')
