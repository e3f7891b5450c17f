# /// attempt
# says = "Compares how bright the pictures are on average, not pixel by pixel."
# kind = "wrong"
# [expect]
# nearest_mean = [0, 0.7]
# ///
# %% nearest-mean-answer
def nearest_mean(images, labels, new):
    labels = np.array(labels)
    names = np.unique(labels)
    means = np.array([images[labels == name].mean() for name in names])
    return names[abs(new.mean(axis=(1, 2))[:, None] - means).argmin(axis=1)].tolist()
