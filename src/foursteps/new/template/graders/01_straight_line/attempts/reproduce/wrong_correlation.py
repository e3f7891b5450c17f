# /// attempt
# says = "Takes the squared correlation, which forgives any line."
# kind = "wrong"
# [expect]
# r_squared = 0
# ///
# %% r_squared_answer
def r_squared(predicted, truth):
    return float(np.corrcoef(predicted, truth)[0, 1] ** 2)
