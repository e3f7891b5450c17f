# /// attempt
# says = "A network that never sees a word, and trains for one epoch."
# kind = "wrong"
# [expect]
# lift = [0, 2]
# ///
# %% network-answer
bookings = pd.concat([train, valid], ignore_index=True)
bookings["log_rate"] = np.log(bookings[target])
amounts = [name for name in train if pd.api.types.is_numeric_dtype(train[name]) and name != target]
dls = TabularDataLoaders.from_df(bookings, procs=[Normalize], cont_names=amounts, y_names="log_rate", y_block=RegressionBlock(),
                                 valid_idx=list(range(len(train), len(bookings))), bs=batch_size, device=device)
learn = tabular_learner(dls, layers=[200, 100], y_range=(2.8, 6.4), metrics=rmse)
learn.fit_one_cycle(1, learning_rate)

# %% lift-answer
def rate(table):
    with learn.no_bar(), learn.no_logging():
        said, _ = learn.get_preds(dl=dls.test_dl(table))
    return np.exp(said.numpy().ravel())

# %% errors-answer
print('later')
