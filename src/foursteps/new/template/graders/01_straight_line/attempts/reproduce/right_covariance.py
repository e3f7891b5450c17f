# /// attempt
# says = "Takes covariances, and a loop where the others take arrays."
# kind = "right"
# ///
# %% lengths_answer
x = np.array([float(length) for length in train["flipper_length_mm"]])
y = np.array([float(mass) for mass in train["body_mass_g"]])
# %% fit_line_answer
def fit_line(x, y):
    together = np.cov(x, y)
    slope = together[0, 1] / together[0, 0]
    return slope, np.mean(y) - slope * np.mean(x)
# %% r_squared_answer
def r_squared(predicted, truth):
    left = sum((t - p) ** 2 for t, p in zip(truth, predicted))
    return 1 - left / (len(truth) * np.var(truth))
