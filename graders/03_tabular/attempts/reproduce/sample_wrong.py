# /// attempt
# says = "Rows of the embedding counted from 0, and residuals in dollars."
# kind = "wrong"
# [expect]
# look_up = 0
# group_bias = 0
# ///
# %% look-up-answer
def look_up(vocabulary, weight, asked):
    code = {word: number for number, word in enumerate(vocabulary)}
    return weight[[code.get(word, len(vocabulary)) for word in asked]]

# %% group-bias-answer
def group_bias(groups, predicted, truth):
    return pd.Series(predicted - truth).groupby(np.array(groups)).mean().to_dict()

# %% errors-here-answer
print('later')
