# /// attempt
# says = "True minus predicted: every sign is the other way round."
# kind = "wrong"
# [expect]
# group_bias = 0
# ///
# %% group-bias-answer
def group_bias(groups, predicted, truth):
    residual = np.log(truth) - np.log(predicted)
    return pd.Series(residual).groupby(np.array(groups)).mean().to_dict()
