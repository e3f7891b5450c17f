# /// attempt
# says = "Stops after one pass."
# kind = "wrong"
# [expect]
# gain = 0
# ///
# %% gain-answer
set_seed(seed, reproducible=True)
learn = collab_learner(dls, n_factors=n_factors, y_range=(0, 5.5), metrics=rmse)
learn.fit_one_cycle(1, learning_rate, wd=weight_decay)


def predict(table):
    with learn.no_bar(), learn.no_logging():
        return learn.get_preds(dl=dls.test_dl(table))[0].flatten()

# %% look-answer
print("later")
