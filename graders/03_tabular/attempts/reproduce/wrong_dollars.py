# /// attempt
# says = "Trains on dollars, as they stand."
# kind = "wrong"
# [expect]
# data = [1, 1.7]
# price = [0, 4]
# ///
# %% data-answer
stones = pd.concat([train, valid], ignore_index=True)
stones["log_price"] = np.log(stones["price"])
dls = TabularDataLoaders.from_df(
    stones, procs=[Categorify, Normalize], cat_names=["cut", "color", "clarity"],
    cont_names=["carat", "depth", "table", "x", "y", "z"], y_names="price", y_block=RegressionBlock(),
    valid_idx=list(range(len(train), len(stones))), bs=batch_size, device=device)

# %% network-answer
learn = tabular_learner(dls, layers=[200, 100], y_range=(0, 19_000), metrics=rmse)
learn.fit_one_cycle(2, learning_rate)

# %% price-answer
def price(table):
    with learn.no_bar(), learn.no_logging():
        said, _ = learn.get_preds(dl=learn.dls.test_dl(table))
    return said.numpy().ravel()

# %% errors-here-answer
print('later')
