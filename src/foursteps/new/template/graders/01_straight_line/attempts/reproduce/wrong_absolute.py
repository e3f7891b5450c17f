# /// attempt
# says = "Takes the mean absolute error."
# kind = "wrong"
# [expect]
# rmse = 0
# ///
# %% rmse_answer
def rmse(predicted, truth):
    return float(np.abs(predicted - truth).mean())
