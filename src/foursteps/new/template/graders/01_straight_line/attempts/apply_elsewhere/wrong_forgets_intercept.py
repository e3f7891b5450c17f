# /// attempt
# says = "Forgets the intercept when it predicts."
# kind = "wrong"
# [expect]
# lift = 0
# ///
# %% lift_answer
names = list(train.columns[:-1])
plane = least_squares(train[names].to_numpy(), train["progression"].to_numpy())


def predict(table):
    return table[names].to_numpy() @ plane[1:]
