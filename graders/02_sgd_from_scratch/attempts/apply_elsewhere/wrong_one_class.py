# /// attempt
# says = "Always says the first label."
# kind = "wrong"
# [expect]
# lift = 0
# ///
# %% lift_answer
def predict(files):
    return [classes[0] for file in files]
