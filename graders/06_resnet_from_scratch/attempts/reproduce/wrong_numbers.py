# /// attempt
# says = "Gives numbers for labels."
# kind = "wrong"
# [expect]
# accuracy = 0
# ///
# %% accuracy-answer
def predict(files):
    return [0 for file in files]
# %% see-answer
print("later")
