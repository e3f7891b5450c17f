# /// attempt
# says = "Keeps words that occur more than at_least times."
# kind = "wrong"
# [expect]
# codes = 0
# ///
# %% codes-answer
def codes(train, new, at_least):
    counts = pd.Series(train).value_counts()
    known = sorted(counts.index[counts > at_least])
    number = {word: code for code, word in enumerate(known, 1)}
    return [number.get(word, 0) for word in new]
