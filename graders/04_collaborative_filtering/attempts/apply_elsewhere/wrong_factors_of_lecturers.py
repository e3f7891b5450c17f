# /// attempt
# says = "The lecture's model with only the columns exchanged: students and lecturers, fifty factors."
# kind = "wrong"
# [expect]
# lift = 0
# ///
# %% lift-answer
ratings = pd.concat([train, valid], ignore_index=True)
splits = list(range(len(train))), list(range(len(train), len(ratings)))
rows = TabularCollab(ratings, [Categorify], ["student", "lecturer"], y_names=["rating"],
                     y_block=TransformBlock(), splits=splits, reduce_memory=False)
dls = rows.dataloaders(bs=512, dl_type=TabDataLoader, device=device)
learn = collab_learner(dls, n_factors=50, y_range=(0, 5.5), metrics=rmse)
learn.fit_one_cycle(5, 0.005, wd=0.2)


def predict(table):
    with learn.no_bar(), learn.no_logging():
        return learn.get_preds(dl=dls.test_dl(table))[0].flatten()

# %% errors-answer
print("later")
