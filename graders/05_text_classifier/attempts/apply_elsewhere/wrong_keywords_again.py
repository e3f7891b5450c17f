# /// attempt
# says = "A handful of keywords: the baseline once more."
# kind = "wrong"
# [expect]
# lift = 0
# ///
# %% lift-answer
alarming = ["eng", "engine", "retd", "returned", "aborted", "emergency", "shut", "landing", "damage", "landed"]


def predict(table):
    return [sum(word in tokens(text) for word in alarming) for text in table["remarks"]]

# %% errors-answer
print('later')
