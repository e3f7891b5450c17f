# /// attempt
# says = "The lecture's ten lines with only the folder exchanged."
# kind = "wrong"
# [expect]
# lift = 0
# ///
# %% lift-answer
dls = ImageDataLoaders.from_folder(path, train="train", valid="valid", img_cls=PILImageBW,
                                   bs=batch_size, num_workers=0, device=device)

network = nn.Sequential(ConvLayer(1, 8), nn.MaxPool2d(2), ConvLayer(8, 16), nn.MaxPool2d(2),
                        ConvLayer(16, 32), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(32 * 3 * 3, dls.c))

learn = Learner(dls, network, metrics=accuracy)
learn.fit_one_cycle(epochs, learning_rate)

# %% errors-answer
print('later')
