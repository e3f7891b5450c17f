# /// attempt
# says = "Gives numbers of classes for labels, and counts 4 for 9 and 9 for 4 as one error."
# kind = "wrong"
# [expect]
# nearest_mean = 0
# most_confused = 0
# ///
# %% nearest-mean-answer
def nearest_mean(images, labels, new):
    labels = np.array(labels)
    means = np.stack([images[labels == name].mean(axis=0) for name in np.unique(labels)])
    return ((new[:, None] - means[None]) ** 2).sum(axis=(2, 3)).argmin(axis=1)

# %% most-confused-answer
def most_confused(truth, said):
    counts = {}
    for pair in zip(truth, said):
        if pair[0] != pair[1]:
            pair = tuple(sorted(pair))
            counts[pair] = counts.get(pair, 0) + 1
    (one, other), count = max(counts.items(), key=lambda item: item[1])
    return one, other, count

# %% errors-here-answer
print('3 and 5, I think')
