# /// attempt
# says = "Predicts from the depth of the bill."
# kind = "wrong"
# [expect]
# weight = [0, 3]
# ///
# %% weight_answer
slope, intercept = fit_line(train["bill_depth_mm"].to_numpy(), y)


def predict(table):
    return slope * table["bill_depth_mm"] + intercept
