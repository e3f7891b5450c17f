# /// attempt
# says = "Gives the intercept last."
# kind = "wrong"
# [expect]
# least_squares = 0
# lift = 0
# ///
# %% least_squares_answer
def least_squares(x, y):
    return np.linalg.lstsq(np.column_stack([x, np.ones(len(x))]), y, rcond=None)[0]
