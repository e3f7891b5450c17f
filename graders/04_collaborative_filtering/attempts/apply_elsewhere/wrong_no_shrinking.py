# /// attempt
# says = "An offset for every lecture, from its plain mean."
# kind = "wrong"
# [expect]
# lift = 0
# ///
# %% lift-answer
keys = ["lecturer", "semesters_ago", "service"]
center = train["rating"].mean()
of_lecture = train.groupby(keys)["rating"].mean().rename("of_lecture")
rest = train["rating"] - train.join(of_lecture, on=keys)["of_lecture"]
of_student = rest.groupby(train["student"]).mean()


def predict(table):
    said = table.join(of_lecture, on=keys)["of_lecture"].fillna(center)
    return (said + table["student"].map(of_student).fillna(0)).to_numpy()

# %% errors-answer
print("later")
