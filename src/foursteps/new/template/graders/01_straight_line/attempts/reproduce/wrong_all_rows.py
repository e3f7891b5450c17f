# /// attempt
# says = "Learns from the validation penguins too."
# kind = "wrong"
# [expect]
# lengths = 0
# ///
# %% lengths_answer
birds = pd.concat([train, valid])
x = birds["flipper_length_mm"].to_numpy(dtype=float)
y = birds["body_mass_g"].to_numpy(dtype=float)
