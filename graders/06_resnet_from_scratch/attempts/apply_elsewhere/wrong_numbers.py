# /// attempt
# says = "Gives the same label for every picture."
# kind = "wrong"
# [expect]
# lift = 0
# ///
# %% lift-answer
def predict(files):
    return ["0" for file in files]
# %% errors-answer
print("later")
