# /// attempt
# says = "The lecture's lines with only the file exchanged: its columns are not there."
# kind = "wrong"
# [expect]
# lift = 0
# ///
# %% network-answer
stones = pd.concat([train, valid], ignore_index=True)
words, numbers = ["cut", "color", "clarity"], ["carat", "depth", "table", "x", "y", "z"]
dls = TabularDataLoaders.from_df(
    stones, procs=[Categorify, Normalize], cat_names=words, cont_names=numbers, y_names="price",
    y_block=RegressionBlock(), valid_idx=list(range(len(train), len(stones))), bs=batch_size, device=device)
learn = tabular_learner(dls, layers=[200, 100], metrics=rmse)
learn.fit_one_cycle(epochs, learning_rate)

# %% errors-answer
print('later')
