# /// attempt
# says = "The mean size of the residuals, which cannot lean."
# kind = "wrong"
# [expect]
# group_bias = 0
# ///
# %% group-bias-answer
def group_bias(groups, predicted, truth):
    residual = np.abs(np.log(predicted) - np.log(truth))
    return pd.Series(residual).groupby(np.array(groups)).mean().to_dict()
