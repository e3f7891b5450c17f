# /// attempt
# says = "Trains on the rows of both sets, and looks at the same ones after."
# kind = "wrong"
# [expect]
# rows = 0
# ///
# %% look_answer
train = valid = table
classes = sorted(table["label"].unique())
# %% errors_answer
print("later")
