# /// attempt
# says = "Asks the network in training mode, one picture after the other and all of one kind together."
# kind = "wrong"
# [expect]
# accuracy = [0, 2]
# ///
# %% accuracy-answer
set_seed(seed, reproducible=True)
network = nn.Sequential(nn.Conv2d(1, width, 5, 2, 2, bias=False), nn.BatchNorm2d(width), nn.ReLU(),
                        make_block(width, 2 * width, 2), make_block(2 * width, 4 * width, 2),
                        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4 * width, len(names))).to(device)
optimizer = torch.optim.Adam(network.parameters(), 0.005)
for rows in torch.randperm(len(x_train)).split(batch_size):
    F.cross_entropy(network(x_train[rows].to(device)), y_train[rows].to(device)).backward()
    optimizer.step()
    optimizer.zero_grad()


def predict(files):
    with torch.no_grad():
        said = torch.cat([network(part.to(device)).argmax(1) for part in pictures(files).split(2)])
    return [names[i] for i in said.tolist()]
# %% see-answer
print("later")
