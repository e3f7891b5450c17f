# /// attempt
# says = "Brings every digit to the middle, in training and when it is asked, and moves none."
# kind = "wrong"
# [expect]
# lift = [0, 7]
# ///
# %% lift-answer
def conv(c_in, c_out, size, stride=1):
    return nn.Sequential(nn.Conv2d(c_in, c_out, size, stride, size // 2, bias=False), nn.BatchNorm2d(c_out))


class ResBlock(nn.Module):
    def __init__(self, c_in, c_out, stride=1):
        super().__init__()
        self.convs = nn.Sequential(conv(c_in, c_out, 3, stride), nn.ReLU(), conv(c_out, c_out, 3))
        same = c_in == c_out and stride == 1
        self.shortcut = nn.Identity() if same else conv(c_in, c_out, 1, stride)

    def forward(self, x):
        return (self.convs(x) + self.shortcut(x)).relu()


set_seed(seed, reproducible=True)
dls = DataLoaders(DataLoader(list(zip(centred(x), y)), bs=20, shuffle=True),
                  DataLoader(list(zip(centred(x_valid), y_valid)), bs=500), device=device)
network = nn.Sequential(conv(1, width, 3), nn.ReLU(), nn.MaxPool2d(2), ResBlock(width, width),
                        ResBlock(width, 2 * width, 2), ResBlock(2 * width, 4 * width, 2),
                        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4 * width, len(names)))
learn = Learner(dls, network, loss_func=CrossEntropyLossFlat(), metrics=accuracy)
with learn.no_bar():
    learn.fit_one_cycle(epochs, learning_rate)


def predict(files):
    network.eval()
    with torch.no_grad():
        said = torch.cat([network(part.to(device)).argmax(1) for part in centred(pictures(files)).split(500)])
    return [names[i] for i in said.tolist()]
# %% errors-answer
print("later")
