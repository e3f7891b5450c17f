# /// attempt
# says = "Draws the line through the origin."
# kind = "wrong"
# [expect]
# fit_line = 0
# weight = [0, 4.8]
# ///
# %% fit_line_answer
def fit_line(x, y):
    return float((x * y).sum() / (x**2).sum()), 0.0
