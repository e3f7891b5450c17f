# /// attempt
# says = "Moves and turns the digits with an affine map, in a plain torch loop; loops for the shift, SciPy for the test."
# kind = "right"
# [expect]
# lift = [9, 10]
# ///
# %% shift-answer
def shift(x, down, right):
    moved = torch.zeros_like(x)
    h, w = x.shape[2:]
    for i in range(h):
        for j in range(w):
            if 0 <= i - down < h and 0 <= j - right < w:
                moved[:, :, i, j] = x[:, :, i - down, j - right]
    return moved
# %% sign-test-answer
from scipy.stats import binomtest


def sign_test(truth, ours, theirs):
    right, others = ours == truth, theirs == truth
    a, b = int(np.sum(right & ~others)), int(np.sum(others & ~right))
    return a, b, float(binomtest(a, a + b).pvalue) if a + b else 1.0
# %% lift-answer
class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(c, c, 3, 1, 1), nn.BatchNorm2d(c), nn.ReLU(),
                                  nn.Conv2d(c, c, 3, 1, 1), nn.BatchNorm2d(c))

    def forward(self, x):
        return torch.relu(x + self.body(x))


def turned(x):
    """Each picture turned and moved a little, by a random affine map."""
    angle = (torch.rand(len(x)) - 0.5) * 0.5
    theta = torch.zeros(len(x), 2, 3)
    theta[:, 0, 0] = theta[:, 1, 1] = angle.cos()
    theta[:, 0, 1], theta[:, 1, 0] = -angle.sin(), angle.sin()
    theta[:, :, 2] = (torch.rand(len(x), 2) - 0.5) * 0.6
    return F.grid_sample(x, F.affine_grid(theta, x.shape, align_corners=False), align_corners=False)


torch.manual_seed(seed)
network = nn.Sequential(nn.Conv2d(1, 16, 5, 2, 2), nn.BatchNorm2d(16), nn.ReLU(),
                        nn.Conv2d(16, 32, 3, 2, 1), nn.BatchNorm2d(32), nn.ReLU(), Block(32),
                        nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(128, 10)).to(device)
steps = 80 * 5
optimizer = torch.optim.AdamW(network.parameters(), weight_decay=0.01)
schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.01, total_steps=steps)
for epoch in range(80):
    for rows in torch.randperm(len(x)).split(20):
        F.cross_entropy(network(turned(x[rows]).to(device)), y[rows].to(device)).backward()
        optimizer.step()
        optimizer.zero_grad()
        schedule.step()
network.eval()


def predict(files):
    with torch.no_grad():
        return [names[i] for part in pictures(files).split(500) for i in network(part.to(device)).argmax(1)]
# %% errors-answer
print("later")
