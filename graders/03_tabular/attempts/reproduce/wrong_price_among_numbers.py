# /// attempt
# says = "The price is among the columns that predict it."
# kind = "wrong"
# [expect]
# data = [1, 1.7]
# price = 0
# ///
# %% data-answer
stones = pd.concat([train, valid], ignore_index=True)
stones["log_price"] = np.log(stones["price"])
dls = TabularDataLoaders.from_df(
    stones, procs=[Categorify, Normalize], cat_names=["cut", "color", "clarity"],
    cont_names=["carat", "depth", "table", "x", "y", "z", "price"], y_names="log_price", y_block=RegressionBlock(),
    valid_idx=list(range(len(train), len(stones))), bs=batch_size, device=device)

# %% network-answer
learn = tabular_learner(dls, layers=[200, 100], y_range=(5.5, 10.2), metrics=rmse)
learn.fit_one_cycle(1, learning_rate)

# %% errors-here-answer
print('later')
