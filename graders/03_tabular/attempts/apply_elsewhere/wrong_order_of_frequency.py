# /// attempt
# says = "Numbers words by how often they occur, not by the alphabet."
# kind = "wrong"
# [expect]
# codes = [0, 1.5]
# ///
# %% codes-answer
def codes(train, new, at_least):
    counts = pd.Series(train).value_counts()
    number = {word: code for code, word in enumerate(counts.index[counts >= at_least], 1)}
    return [number.get(word, 0) for word in new]
