# /// attempt
# says = "torch's EmbeddingBag with the largest value, other tokens, a binary loss; pandas ranks for the AUC."
# kind = "right"
# ///
# %% auc-answer
def auc(truth, scores):
    ranks = pd.Series(scores).rank().to_numpy()
    ones = truth.sum()
    return (ranks[truth == 1].sum() - ones * (ones + 1) / 2) / (ones * (len(truth) - ones))

# %% found-answer
def found_in_top(truth, scores, k):
    return pd.Series(truth, index=scores).sort_index(ascending=False).iloc[:k].mean() * k / truth.sum()

# %% lift-answer
counts = Counter(word for text in train["remarks"] for word in text.lower().replace(".", " ").replace(",", " ").split())
number = {word: i + 2 for i, word in enumerate(sorted(word for word, n in counts.items() if n >= 3))}


def encode(text):
    words = text.lower().replace(".", " ").replace(",", " ").split()[:longest]
    return torch.tensor([number.get(word, 1) for word in words] or [1])


class Bag(nn.Module):
    def __init__(self):
        super().__init__()
        self.mean = nn.EmbeddingBag(len(number) + 2, 32, mode="mean", padding_idx=0)
        self.most = nn.EmbeddingBag(len(number) + 2, 32, mode="max", padding_idx=0)
        self.judge = nn.Sequential(nn.Dropout(0.3), nn.Linear(64, 1))

    def forward(self, x):
        return self.judge(torch.cat([self.mean(x), self.most(x)], 1))[:, 0]


torch.manual_seed(seed)
model, texts = Bag(), [encode(text) for text in train["remarks"]]
y = torch.tensor(train["effect"].to_numpy()).float()
passes, steps = 4, -(-len(texts) // 64)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.01, total_steps=passes * steps)
for _ in range(passes):
    for rows in torch.randperm(len(texts)).split(64):
        x = nn.utils.rnn.pad_sequence([texts[i] for i in rows], batch_first=True)
        loss = nn.functional.binary_cross_entropy_with_logits(model(x), y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
model.eval()


def predict(table):
    with torch.no_grad():
        parts = [encode(text) for text in table["remarks"]]
        return torch.cat([model(nn.utils.rnn.pad_sequence(parts[i:i + 200], batch_first=True))
                          for i in range(0, len(parts), 200)])
