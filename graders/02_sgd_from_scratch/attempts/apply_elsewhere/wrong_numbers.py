# /// attempt
# says = "Gives numbers for labels."
# kind = "wrong"
# [expect]
# lift = 0
# ///
# %% lift_answer
def predict(files):
    return [0 for file in files]
