# /// attempt
# says = "Gives the label of the mean that is farther."
# kind = "wrong"
# [expect]
# nearest_mean = 0
# ///
# %% nearest_mean_answer
def nearest_mean(x_train, y_train, x):
    d = [((x - x_train[y_train[:, 0] == k].mean(0)) ** 2).sum(1) for k in (0, 1)]
    return (d[1] > d[0]).long()
