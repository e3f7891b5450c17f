# /// attempt
# says = "Logarithms to the base of ten."
# kind = "wrong"
# [expect]
# rmse_log = 0
# group_bias = 0
# ///
# %% rmse-log-answer
def rmse_log(predicted, truth):
    return np.sqrt(np.mean((np.log10(predicted) - np.log10(truth)) ** 2))

# %% group-bias-answer
def group_bias(groups, predicted, truth):
    residual = np.log10(predicted) - np.log10(truth)
    return pd.Series(residual).groupby(np.array(groups)).mean().to_dict()

# %% errors-here-answer
print('later')
