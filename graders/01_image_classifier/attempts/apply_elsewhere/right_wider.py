# /// attempt
# says = "Wider, at a lower rate; torch's own cross-entropy for the costs."
# kind = "right"
# ///
# %% lift-answer
from functools import cache

from fastai.vision.all import CategoryBlock, DataBlock, FuncSplitter, TensorImageBW, TransformBlock

label = dict(zip(table["file"], table["label"]))
part = dict(zip(table["file"], table["split"]))


@cache
def in_memory(file):
    return TensorImageBW(np.array(Image.open(file), dtype=np.float32)[None] / 255)


block = DataBlock(blocks=(TransformBlock(type_tfms=in_memory), CategoryBlock),
                  get_items=lambda folder: [folder / "images" / name for name in label],
                  get_y=lambda file: label[file.name],
                  splitter=FuncSplitter(lambda file: part[file.name] == "valid"))
set_seed(seed, reproducible=True)
dls = block.dataloaders(path, bs=batch_size, num_workers=0, device=device)

network = nn.Sequential(ConvLayer(1, 16), nn.MaxPool2d(2), ConvLayer(16, 32), nn.MaxPool2d(2),
                        ConvLayer(32, 64), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(64 * 9, dls.c))
learn = Learner(dls, network, metrics=accuracy)
learn.fit_one_cycle(4, 0.01)

# %% most-expensive-answer
def most_expensive(scores, labels, count):
    cost = nn.functional.cross_entropy(torch.tensor(scores), torch.tensor(labels), reduction="none")
    return cost.argsort(descending=True)[:count]

# %% errors-answer
print('later')
