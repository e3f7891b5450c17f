# /// attempt
# says = "Predicts with the means, and has no model."
# kind = "wrong"
# [expect]
# gain = 0
# ///
# %% gain-answer
def predict(table):
    return user_and_item_means(train["user"], train["film"], train["rating"].to_numpy(), table["user"], table["film"])

# %% look-answer
print("later")
