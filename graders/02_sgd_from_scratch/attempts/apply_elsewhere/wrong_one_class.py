# /// attempt
# says = "Always says Coat."
# kind = "wrong"
# [expect]
# lift = 0
# ///
# %% lift_answer
def predict(files):
    return ['Coat' for file in files]
