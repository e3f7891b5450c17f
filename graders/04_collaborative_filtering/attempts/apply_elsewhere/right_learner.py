# /// attempt
# says = "fastai: three categories of a table, an embedding of width one for each, strong decay."
# kind = "right"
# [expect]
# lift = [6, 10]
# ///
# %% lift-answer
def prepared(rows):
    lecture = rows["lecturer"].astype(str) + " " + rows["semesters_ago"].astype(str) + " " + rows["service"].astype(str)
    return rows.assign(lecture=lecture)


class Offsets(nn.Module):
    def __init__(self, sizes, middle):
        super().__init__()
        self.tables, self.middle = nn.ModuleList(nn.Embedding(size, 1) for size in sizes), middle
        for table in self.tables:
            nn.init.zeros_(table.weight)

    def forward(self, x):
        return self.middle + sum(table(x[:, k]) for k, table in enumerate(self.tables))


ratings = prepared(pd.concat([train, valid], ignore_index=True))
ratings["rating"] = ratings["rating"].astype(float)
splits = list(range(len(train))), list(range(len(train), len(ratings)))
rows = TabularCollab(ratings, [Categorify], ["student", "lecturer", "lecture"], y_names=["rating"],
                     y_block=TransformBlock(), splits=splits, reduce_memory=False)
dls = rows.dataloaders(bs=1024, dl_type=TabDataLoader, device=device)
set_seed(seed, reproducible=True)
learn = Learner(dls, Offsets([len(one) for one in dls.classes.values()], float(train["rating"].mean())),
                loss_func=MSELossFlat(), metrics=rmse)
learn.fit_one_cycle(4, 0.02, wd=0.3)


def predict(table):
    with learn.no_bar(), learn.no_logging():
        return learn.get_preds(dl=dls.test_dl(prepared(table)))[0].squeeze(1)

# %% errors-answer
print("later")
