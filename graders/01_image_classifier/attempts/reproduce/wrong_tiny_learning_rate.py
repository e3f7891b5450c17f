# /// attempt
# says = "One epoch at a learning rate far too small."
# kind = "wrong"
# [expect]
# accuracy = [0, 3]
# ///
# %% accuracy-answer
network = nn.Sequential(ConvLayer(1, 8), nn.MaxPool2d(2), ConvLayer(8, 16), nn.MaxPool2d(2),
                        ConvLayer(16, 32), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(32 * 3 * 3, dls.c))
learn = Learner(dls, network, metrics=accuracy)
learn.fit_one_cycle(1, 0.0005)
