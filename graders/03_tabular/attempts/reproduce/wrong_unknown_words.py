# /// attempt
# says = "Raises an error for a word that the vocabulary lacks."
# kind = "wrong"
# [expect]
# look_up = 0
# ///
# %% look-up-answer
def look_up(vocabulary, weight, asked):
    return weight[[vocabulary.index(word) + 1 for word in asked]]
