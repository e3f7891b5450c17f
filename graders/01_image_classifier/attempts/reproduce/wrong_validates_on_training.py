# /// attempt
# says = "Measures on the rows that it trains on."
# kind = "wrong"
# [expect]
# data = 1
# ///
# %% data-answer
dls = ImageDataLoaders.from_folder(path, train="train", valid="train", img_cls=PILImageBW, bs=batch_size, num_workers=0,
                                   device=device)
