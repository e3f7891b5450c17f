# /// attempt
# says = "A block written out in full with biases, a plain torch loop with AdamW, and one cycle of its own."
# kind = "right"
# [expect]
# accuracy = [3, 4]
# ///
# %% images-answer
def pictures(files):
    found = torch.empty(len(files), 1, 28, 28)
    for row, file in enumerate(files):
        found[row, 0] = torch.from_numpy(np.asarray(Image.open(file), dtype=np.float32))
    return found / 255


x_train = pictures(train_files)
# %% block-answer
class Block(nn.Module):
    def __init__(self, c_in, c_out, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(c_in, c_out, 3, stride, 1)
        self.norm1 = nn.BatchNorm2d(c_out)
        self.conv2 = nn.Conv2d(c_out, c_out, 3, 1, 1)
        self.norm2 = nn.BatchNorm2d(c_out)
        self.around = None
        if stride > 1 or c_in != c_out:
            self.around = nn.Sequential(nn.Conv2d(c_in, c_out, 1, stride), nn.BatchNorm2d(c_out))

    def forward(self, x):
        h = F.relu(self.norm1(self.conv1(x)))
        h = self.norm2(self.conv2(h))
        return F.relu(h + (x if self.around is None else self.around(x)))


def make_block(c_in, c_out, stride):
    return Block(c_in, c_out, stride)
# %% accuracy-answer
torch.manual_seed(seed)
network = nn.Sequential(nn.Conv2d(1, width, 3, 1, 1), nn.BatchNorm2d(width), nn.ReLU(), nn.MaxPool2d(2),
                        make_block(width, width, 1), make_block(width, 2 * width, 2),
                        make_block(2 * width, 4 * width, 2),
                        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4 * width, 10)).to(device)
steps = epochs * (len(x_train) // batch_size)
optimizer = torch.optim.AdamW(network.parameters(), weight_decay=0.01)
schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, learning_rate, total_steps=steps)
losses = []
for epoch in range(epochs):
    network.train()
    for rows in torch.randperm(len(x_train))[: steps // epochs * batch_size].split(batch_size):
        loss = F.cross_entropy(network(x_train[rows].to(device)), y_train[rows].to(device))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
network.eval()


@torch.no_grad()
def predict(files):
    scores = [network(part.to(device)) for part in pictures(files).split(1000)]
    return np.array(names)[torch.cat(scores).argmax(1).cpu().numpy()].tolist()
# %% see-answer
plt.plot(losses)
