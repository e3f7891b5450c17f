# /// attempt
# says = "Says the mean of everybody."
# kind = "wrong"
# [expect]
# lift = 0
# ///
# %% lift_answer
def predict(table):
    return np.full(len(table), train["progression"].mean())
