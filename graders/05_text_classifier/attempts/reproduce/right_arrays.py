# /// attempt
# says = "NumPy where the solution has Counters; torch's own padding; a sum divided by lengths; dropout."
# kind = "right"
# ///
# %% telling-words-answer
def telling_words(texts, labels, count):
    words = sorted({word for text in texts for word in text})
    place = {word: column for column, word in enumerate(words)}
    there = np.zeros((len(texts), len(words)))
    for row, text in zip(there, texts):
        row[[place[word] for word in text]] = 1
    labels = np.array(labels)
    gaps = np.abs(there[labels == 1].mean(0) - there[labels == 0].mean(0))
    return np.array(words)[np.argsort(-gaps)[:count]].tolist()

# %% vocabulary-answer
def vocabulary(texts, at_least):
    counts = {}
    for text in texts:
        for word in text:
            counts[word] = counts.get(word, 0) + 1
    in_order = sorted(counts)
    in_order.sort(key=counts.get, reverse=True)
    return ["(padding)", "(unknown)", *[word for word in in_order if counts[word] >= at_least]]

# %% padded-answer
def padded(texts, vocab, longest):
    rows = [torch.tensor([vocab.index(w) if w in vocab else 1 for w in t[:longest]], dtype=torch.long) for t in texts]
    return nn.utils.rnn.pad_sequence(rows, batch_first=True)

# %% mean-answer
def mean_of_words(rows, numbers):
    means = []
    for row, words in zip(rows, numbers):
        kept = row[words != 0]
        means.append(kept.mean(0) if len(kept) else torch.zeros(rows.shape[2]))
    return torch.stack(means)

# %% data-answer
vocab = vocabulary([tokens(text) for text in train["review"]], 3)
number = {word: i for i, word in enumerate(vocab)}


def encode(text):
    return torch.tensor([number.get(word, 1) for word in tokens(text)[:longest]] or [1])


def batch(rows):
    words, labels = zip(*rows)
    return nn.utils.rnn.pad_sequence(words, batch_first=True), torch.tensor(labels)


made = [[(encode(t), int(s == "great")) for t, s in zip(part["review"], part["score"])] for part in (train, valid)]
dls = DataLoaders(DataLoader(made[0], bs=32, shuffle=True, create_batch=batch),
                  DataLoader(made[1], bs=32, create_batch=batch), device=device)

# %% accuracy-answer
class Bag(nn.Module):
    def __init__(self):
        super().__init__()
        self.rows = nn.EmbeddingBag(len(vocab), 48, mode="mean", padding_idx=0)
        self.judge = nn.Sequential(nn.Dropout(0.3), nn.Linear(48, 2))

    def forward(self, x):
        return self.judge(self.rows(x))


set_seed(seed, reproducible=True)
learn = Learner(dls, Bag(), loss_func=CrossEntropyLossFlat(), metrics=accuracy)
learn.fit_one_cycle(5, 0.01)


def predict(table):
    with torch.no_grad():
        x = nn.utils.rnn.pad_sequence([encode(text) for text in table["review"]], batch_first=True)
        great = learn.model.eval()(x.to(device)).argmax(1).bool().cpu().numpy()
    return np.where(great, "great", "other")
