# /// attempt
# says = "from_df with the table's own split; scipy's softmax; a loop over the draws."
# kind = "right"
# ///
# %% gain-interval-answer
def gain_interval(truth, model, baseline, draws):
    gains = []
    for rows in draws:
        gains.append(np.mean(model[rows] == truth[rows]) - np.mean(baseline[rows] == truth[rows]))
    return np.percentile(gains, [2.5, 97.5])

# %% lift-answer
table["is_valid"] = table["split"] == "valid"
dls = ImageDataLoaders.from_df(table, path, folder="images", fn_col="file", label_col="label", valid_col="is_valid",
                               img_cls=PILImageBW, bs=batch_size, num_workers=0, device=device)

network = nn.Sequential(ConvLayer(1, 8), nn.MaxPool2d(2), ConvLayer(8, 16), nn.MaxPool2d(2),
                        ConvLayer(16, 32), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(32 * 3 * 3, dls.c))

learn = Learner(dls, network, metrics=accuracy)
learn.fit_one_cycle(epochs, learning_rate)

# %% most-expensive-answer
def most_expensive(scores, labels, count):
    from scipy.special import log_softmax

    cost = [-row[label] for row, label in zip(log_softmax(scores, axis=1), labels)]
    return sorted(range(len(cost)), key=lambda row: cost[row], reverse=True)[:count]

# %% errors-answer
print('later')
