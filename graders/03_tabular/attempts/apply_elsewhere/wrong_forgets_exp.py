# /// attempt
# says = "Gives logarithms where rates are asked for."
# kind = "wrong"
# [expect]
# lift = 0
# ///
# %% network-answer
print('none')

# %% lift-answer
def rate(table):
    return ridge.predict(table.fillna("none"))

# %% errors-answer
print('later')
