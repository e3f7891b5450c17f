# /// attempt
# says = "The logarithm of the error instead of the error of the logarithm."
# kind = "wrong"
# [expect]
# rmse_log = 0
# ///
# %% rmse-log-answer
def rmse_log(predicted, truth):
    return np.log(np.sqrt(np.mean((predicted - truth) ** 2)))
