# /// attempt
# says = "A random split over both files: validation rows are trained on."
# kind = "wrong"
# [expect]
# data = [0, 1.4]
# price = [5, 7]
# ///
# %% data-answer
stones = pd.concat([train, valid], ignore_index=True)
stones["log_price"] = np.log(stones["price"])
dls = TabularDataLoaders.from_df(
    stones, procs=[Categorify, Normalize], cat_names=["cut", "color", "clarity"],
    cont_names=["carat", "depth", "table", "x", "y", "z"], y_names="log_price", y_block=RegressionBlock(),
    bs=batch_size, device=device)
