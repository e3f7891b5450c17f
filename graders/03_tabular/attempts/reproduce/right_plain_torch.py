# /// attempt
# says = "A network in plain torch, with its own embeddings and standardised log prices."
# kind = "right"
# ///
# %% look-up-answer
def look_up(vocabulary, weight, asked):
    embedding = torch.nn.Embedding.from_pretrained(torch.tensor(weight))
    code = dict(zip(vocabulary, range(1, len(vocabulary) + 1)))
    return embedding(torch.tensor([code.get(word, 0) for word in asked]))

# %% network-answer
torch.manual_seed(seed)
words, amounts = ["cut", "color", "clarity"], ["carat", "depth", "table", "x", "y", "z"]
known = {name: {word: n for n, word in enumerate(sorted(train[name].unique()), 1)} for name in words}
centre, scale = train[amounts].mean(), train[amounts].std()
height, spread = np.log(train["price"]).mean(), np.log(train["price"]).std()


def tensors(table):
    codes = np.stack([table[name].map(known[name]).fillna(0).to_numpy(int) for name in words], axis=1)
    values = ((table[amounts] - centre) / scale).to_numpy(np.float32)
    return torch.tensor(codes), torch.tensor(values)


class Prices(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.tables = torch.nn.ModuleList([torch.nn.Embedding(10, 4) for _ in words])
        self.layers = torch.nn.Sequential(torch.nn.Linear(18, 128), torch.nn.ReLU(), torch.nn.Linear(128, 64),
                                          torch.nn.ReLU(), torch.nn.Linear(64, 1))

    def forward(self, codes, values):
        rows = [table(codes[:, n]) for n, table in enumerate(self.tables)]
        return self.layers(torch.cat([*rows, values], dim=1))[:, 0]


model, (codes_, values_) = Prices(), tensors(train)
target = torch.tensor(((np.log(train["price"]) - height) / spread).to_numpy(np.float32))
optimiser = torch.optim.Adam(model.parameters(), lr=0.005)
schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 0.01, total_steps=20 * 63)
for epoch in range(20):
    for batch in torch.randperm(len(train)).split(256):
        loss = ((model(codes_[batch], values_[batch]) - target[batch]) ** 2).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()

# %% price-answer
def price(table):
    with torch.no_grad():
        return np.exp(model(*tensors(table)).numpy() * spread + height)
