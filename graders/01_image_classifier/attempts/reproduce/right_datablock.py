# /// attempt
# says = "A DataBlock, a wider network, NumPy arrays as answers."
# kind = "right"
# ///
# %% data-answer
from fastai.vision.all import CategoryBlock, DataBlock, GrandparentSplitter, ImageBlock, get_image_files, parent_label

block = DataBlock((ImageBlock(PILImageBW), CategoryBlock), get_items=lambda p: get_image_files(p, folders=["train", "valid"]),
                  get_y=parent_label, splitter=GrandparentSplitter("train", "valid"))
dls = block.dataloaders(path, bs=64, num_workers=0, device=device)

# %% nearest-mean-answer
def nearest_mean(images, labels, new):
    classes, numbers = np.unique(labels, return_inverse=True)
    means = np.array([images[numbers == k].mean(0).ravel() for k in range(len(classes))])
    rows = new.reshape(len(new), -1)
    return classes[np.linalg.norm(rows[:, None, :] - means, axis=-1).argmin(-1)]

# %% accuracy-answer
network = nn.Sequential(ConvLayer(1, 16), nn.MaxPool2d(2), ConvLayer(16, 32), nn.MaxPool2d(2),
                        ConvLayer(32, 64), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(64 * 9, 10))
learn = Learner(dls, network, metrics=accuracy)
learn.fit_one_cycle(5, 0.01)
