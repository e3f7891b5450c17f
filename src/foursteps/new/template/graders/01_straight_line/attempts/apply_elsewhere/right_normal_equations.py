# /// attempt
# says = "Solves the normal equations, and standardises the columns first."
# kind = "right"
# ///
# %% least_squares_answer
def least_squares(x, y):
    ones = np.hstack([np.ones((len(x), 1)), np.asarray(x)])
    return np.linalg.solve(ones.T @ ones, ones.T @ y)
# %% lift_answer
names = list(train.columns[:-1])
mean, deviation = train[names].mean(), train[names].std()
plane = least_squares(((train[names] - mean) / deviation).to_numpy(), train["progression"].to_numpy())


def predict(table):
    return plane[0] + ((table[names] - mean) / deviation) @ plane[1:]
