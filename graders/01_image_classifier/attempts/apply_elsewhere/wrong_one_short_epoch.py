# /// attempt
# says = "A gain that could be chance: one epoch at a rate far too small."
# kind = "wrong"
# [expect]
# lift = 0
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

network = nn.Sequential(ConvLayer(1, 8), nn.MaxPool2d(2), ConvLayer(8, 16), nn.MaxPool2d(2),
                        ConvLayer(16, 32), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(32 * 3 * 3, dls.c))
learn = Learner(dls, network, metrics=accuracy)
learn.fit_one_cycle(1, 0.0005)

# %% errors-answer
print('later')
