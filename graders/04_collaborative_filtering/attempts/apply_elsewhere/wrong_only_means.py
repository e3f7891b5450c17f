# /// attempt
# says = "Predicts with the baseline itself."
# kind = "wrong"
# [expect]
# lift = 0
# ///
# %% lift-answer
def predict(table):
    left, said = train["rating"] - train["rating"].mean(), np.full(len(table), train["rating"].mean())
    for column, weight in (("lecturer", 5), ("student", 10)):
        groups = left.groupby(train[column])
        offset = groups.sum() / (groups.count() + weight)
        left = left - train[column].map(offset)
        said = said + table[column].map(offset).fillna(0).to_numpy()
    return said

# %% errors-answer
print("later")
