# /// attempt
# says = "Ranks by the length of the remark."
# kind = "wrong"
# [expect]
# lift = 0
# ///
# %% lift-answer
def predict(table):
    return table["remarks"].str.len().to_numpy().astype(float)

# %% errors-answer
print('later')
