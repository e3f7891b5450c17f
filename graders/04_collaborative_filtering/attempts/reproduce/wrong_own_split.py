# /// attempt
# says = "Lets fastai draw its own validation rows from the training rows, with replacement in each pass."
# kind = "wrong"
# [expect]
# data = [0, 1]
# gain = [0, 4]
# ///
# %% data-answer
dls = CollabDataLoaders.from_df(train, user_name="user", item_name="film", rating_name="rating", valid_pct=0.2,
                                bs=batch_size, device=device)
