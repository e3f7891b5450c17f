# /// attempt
# says = "Chooses on the rows that it trains on."
# kind = "wrong"
# [expect]
# loaders = 1
# ///
# %% data-answer
vocab = vocabulary([tokens(text) for text in train["review"]], 3)


def batch(rows):
    words, labels = zip(*rows)
    return torch.as_tensor(padded(words, vocab, longest)), torch.tensor(labels)


def rows_of(table):
    return [(tokens(text) or [""], int(score == "great")) for text, score in zip(table["review"], table["score"])]


dls = DataLoaders(DataLoader(rows_of(train), bs=batch_size, shuffle=True, create_batch=batch),
                  DataLoader(rows_of(train), bs=batch_size, create_batch=batch), device=device)
