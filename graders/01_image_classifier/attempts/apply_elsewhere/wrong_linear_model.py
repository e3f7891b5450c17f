# /// attempt
# says = "A linear layer on the pixels: the baseline once more."
# kind = "wrong"
# [expect]
# lift = [0, 3]
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

learn = Learner(dls, nn.Sequential(nn.Flatten(), nn.Linear(28 * 28, dls.c)), metrics=accuracy)
learn.fit_one_cycle(2, 0.005)

# %% errors-answer
print('later')
