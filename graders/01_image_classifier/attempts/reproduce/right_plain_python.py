# /// attempt
# says = "Loops and a Counter, where the solution has arrays; a smaller batch."
# kind = "right"
# ///
# %% nearest-mean-answer
def nearest_mean(images, labels, new):
    means = {}
    for name in set(labels):
        means[name] = sum(p for p, l in zip(images, labels) if l == name) / list(labels).count(name)
    return [min(means, key=lambda name: ((picture - means[name]) ** 2).sum()) for picture in new]

# %% share-right-answer
def share_right(scores, labels):
    right = 0
    for row, label in zip(scores, labels):
        if list(row).index(max(row)) == label:
            right += 1
    return right / len(labels)

# %% most-confused-answer
def most_confused(truth, said):
    from collections import Counter

    [(pair, count)] = Counter((a, b) for a, b in zip(truth, said) if a != b).most_common(1)
    return [*pair, count]

# %% accuracy-answer
network = nn.Sequential(ConvLayer(1, 8), nn.MaxPool2d(2), ConvLayer(8, 16), nn.MaxPool2d(2),
                        ConvLayer(16, 32), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(32 * 3 * 3, dls.c))

learn = Learner(dls, network, loss_func=nn.CrossEntropyLoss(), metrics=accuracy)
learn.fit_one_cycle(6, 0.02)
