# /// attempt
# says = "An unknown word gets 0, the number of padding."
# kind = "wrong"
# [expect]
# padded = 0
# accuracy = [2, 5]
# ///
# %% padded-answer
def padded(texts, vocab, longest):
    number = {word: i for i, word in enumerate(vocab)}
    rows = [[number.get(word, 0) for word in words[:longest]] for words in texts]
    batch = np.zeros((len(rows), max(map(len, rows))), dtype=np.int64)
    for row, numbers in zip(batch, rows):
        row[: len(numbers)] = numbers
    return batch
