# /// attempt
# says = "Batches of 10, moves by a whole batch, and a deeper network with silent blocks at the start."
# kind = "right"
# [expect]
# lift = [8, 10]
# ///
# %% lift-answer
class Block(nn.Module):
    def __init__(self, c_in, c_out):
        super().__init__()
        self.one, self.two = nn.Conv2d(c_in, c_out, 3, 2, 1), nn.Conv2d(c_out, c_out, 3, 1, 1)
        self.norm1, self.norm2 = nn.BatchNorm2d(c_out), nn.BatchNorm2d(c_out)
        nn.init.zeros_(self.norm2.weight)
        self.around = nn.Sequential(nn.AvgPool2d(2, ceil_mode=True), nn.Conv2d(c_in, c_out, 1))

    def forward(self, x):
        return F.relu(self.around(x) + self.norm2(self.two(F.relu(self.norm1(self.one(x))))))


torch.manual_seed(seed)
network = nn.Sequential(nn.Conv2d(1, 16, 3, 1, 1), nn.BatchNorm2d(16), nn.ReLU(), Block(16, 16), Block(16, 32),
                        Block(32, 64), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10)).to(device)
optimizer = torch.optim.Adam(network.parameters(), 0.005)
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 60 * 10)
for epoch in range(60):
    for rows in torch.randperm(len(x)).split(10):
        moved = shift(x[rows], *torch.randint(-4, 5, (2,)).tolist())
        F.cross_entropy(network(moved.to(device)), y[rows].to(device)).backward()
        optimizer.step()
        optimizer.zero_grad()
        schedule.step()


def predict(files):
    with torch.no_grad():
        said = [network.eval()(part.to(device)).argmax(1) for part in pictures(files).split(500)]
    return np.array(names)[torch.cat(said).cpu().numpy()]
# %% errors-answer
print("later")
