# /// attempt
# says = "A wider network with Adam, on plain pixels, the answers as two classes."
# kind = "right"
# ///
# %% lift_answer
def load(files):
    return torch.tensor(np.stack([np.array(Image.open(file)) for file in files])).float().flatten(1) / 255

rows = table[table["split"] == "train"]
classes = sorted(rows["label"].unique())
x = load([path / "images" / name for name in rows["file"]])
y = torch.tensor([classes.index(label) for label in rows["label"]])
model = nn.Sequential(nn.Linear(784, 200), nn.ReLU(), nn.Linear(200, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-4)
for epoch in range(15):
    for batch in torch.randperm(len(x)).split(64):
        loss = nn.functional.cross_entropy(model(x[batch]), y[batch])
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()

def predict(files):
    with torch.no_grad():
        return [classes[i] for i in model(load(files)).argmax(1).tolist()]
