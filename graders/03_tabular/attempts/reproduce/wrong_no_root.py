# /// attempt
# says = "The mean squared error, without the root."
# kind = "wrong"
# [expect]
# rmse_log = 0
# ///
# %% rmse-log-answer
def rmse_log(predicted, truth):
    return np.mean((np.log(predicted) - np.log(truth)) ** 2)
