# /// attempt
# says = "The lecture's columns and labels, with only the name of the dataset exchanged."
# kind = "wrong"
# [expect]
# lift = 0
# ///
# %% lift-answer
counts = Counter(word for text in train["remarks"] for word in tokens(text))
vocab = ["(padding)", "(unknown)"] + [word for word, n in counts.most_common() if n >= 3]
number = {word: i for i, word in enumerate(vocab)}


def encode(text):
    return [number.get(word, 1) for word in tokens(text)[:longest]] or [1]


def padded(rows):
    texts, labels = zip(*rows)
    texts = [torch.tensor(text) for text in texts]
    return nn.utils.rnn.pad_sequence(texts, batch_first=True), torch.tensor(labels)


def rows(table):
    return [(encode(text), int(effect)) for text, effect in zip(table["review"], table["score"])]


class MeanAndLargest(nn.Module):
    """Beside the mean of the words' rows, the largest value of each column: one word can stand out."""

    def __init__(self):
        super().__init__()
        self.rows = Embedding(len(vocab), width)
        self.drop = nn.Dropout(0.3)
        self.judge = nn.Linear(2 * width, 2)

    def forward(self, x):
        real = (x > 0).unsqueeze(-1)
        h = self.drop(self.rows(x))
        mean = (h * real).sum(1) / real.sum(1)
        largest = h.masked_fill(~real, -torch.inf).max(1).values
        return self.judge(torch.cat([mean, largest], dim=1))


set_seed(seed, reproducible=True)
dls = DataLoaders(DataLoader(rows(train), bs=batch_size, shuffle=True, create_batch=padded),
                  DataLoader(rows(valid), bs=256, create_batch=padded), device=device)
learn = Learner(dls, MeanAndLargest(), loss_func=CrossEntropyLossFlat(), wd=0.01)
learn.fit_one_cycle(epochs, learning_rate)
history = np.array(learn.recorder.values)
for column, name in ((0, "training"), (1, "validation")):
    plt.plot(range(1, epochs + 1), history[:, column], "o-", label=name)
plt.title("Loss after each epoch")
plt.xlabel("epoch")
plt.ylabel("cross-entropy")
plt.legend()
plt.show()


def predict(table):
    """A score for each remark of the table, higher for an effect: n numbers."""
    found = []
    for start in range(0, len(table), 256):
        x, _ = padded([(encode(text), 0) for text in table["review"][start:start + 256]])
        with torch.no_grad():
            scores = learn.model.eval()(x.to(device))
        found.append((scores[:, 1] - scores[:, 0]).cpu())
    return torch.cat(found).numpy()

# %% errors-answer
print('later')
