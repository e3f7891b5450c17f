# /// attempt
# says = "Padding in front of the text."
# kind = "wrong"
# [expect]
# padded = [0, 1]
# ///
# %% padded-answer
def padded(texts, vocab, longest):
    number = {word: i for i, word in enumerate(vocab)}
    rows = [[number.get(word, 1) for word in words[:longest]] for words in texts]
    most = max(map(len, rows))
    return np.array([[0] * (most - len(row)) + row for row in rows])
