# /// attempt
# says = "Trains on the validation pictures as well."
# kind = "wrong"
# [expect]
# rows = 1
# lift = [0, 10]
# ///
# %% look-answer
train, valid = table, table[table["split"] == "valid"]
names = sorted(table["label"].unique())
# %% errors-answer
print("later")
