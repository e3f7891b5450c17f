# /// attempt
# says = "Counts the words that are asked for instead of those of training."
# kind = "wrong"
# [expect]
# codes = [0, 1.5]
# ///
# %% codes-answer
def codes(train, new, at_least):
    counts = pd.Series(new).value_counts()
    known = sorted(counts.index[counts >= at_least])
    number = {word: code for code, word in enumerate(known, 1)}
    return [number.get(word, 0) for word in new]
