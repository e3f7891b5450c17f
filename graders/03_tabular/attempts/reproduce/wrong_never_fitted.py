# /// attempt
# says = "Builds the Learner and forgets to train it."
# kind = "wrong"
# [expect]
# price = 0
# ///
# %% network-answer
learn = tabular_learner(dls, layers=[200, 100], y_range=(5.5, 10.2), metrics=rmse)

# %% errors-here-answer
print('later')
