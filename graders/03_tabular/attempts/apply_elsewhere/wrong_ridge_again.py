# /// attempt
# says = "The baseline once more: ridge on logarithms."
# kind = "wrong"
# [expect]
# lift = [0, 2]
# ///
# %% network-answer
print('none')

# %% lift-answer
def rate(table):
    return np.exp(ridge.predict(table.fillna("none")))

# %% errors-answer
print('later')
