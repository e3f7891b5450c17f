# /// attempt
# says = "A random split over every folder: held_out becomes an eleventh digit."
# kind = "wrong"
# [expect]
# data = 1
# accuracy = [0, 4]
# ///
# %% data-answer
dls = ImageDataLoaders.from_folder(path, valid_pct=0.1, img_cls=PILImageBW, bs=batch_size, num_workers=0, device=device)
