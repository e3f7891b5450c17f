# /// attempt
# says = "A wider network with Adam and a rate that shrinks, on plain pixels, the answers as two classes."
# kind = "right"
# [expect]
# lift = [4.5, 6]
# ///
# %% lift_answer
labels = torch.tensor([classes.index(label) for label in train["label"]], device=device)
model = nn.Sequential(nn.Linear(784, 200), nn.ReLU(), nn.Linear(200, 2)).to(device)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-4)
schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.02, total_iters=20)
for epoch in range(20):
    for batch in torch.randperm(len(x)).split(64):
        loss = nn.functional.cross_entropy(model(x[batch]), labels[batch])
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    schedule.step()

def predict(files):
    with torch.no_grad():
        return [classes[i] for i in model(load(files)).argmax(1).tolist()]
# %% errors_answer
print("later")
