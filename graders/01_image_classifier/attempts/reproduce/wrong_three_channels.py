# /// attempt
# says = "Pictures with three colours into a network for one."
# kind = "wrong"
# [expect]
# data = 2
# accuracy = 0
# ///
# %% data-answer
dls = ImageDataLoaders.from_folder(path, train="train", valid="valid", bs=batch_size, num_workers=0, device=device)
