# /// attempt
# says = "Lets NumPy fit the line."
# kind = "right"
# ///
# %% fit_line_answer
def fit_line(x, y):
    return np.polyfit(x, y, 1)
# %% rmse_answer
def rmse(predicted, truth):
    errors = np.asarray(predicted) - np.asarray(truth)
    return (errors @ errors / len(errors)) ** 0.5
