# /// attempt
# says = "Builds the Learner and forgets to train it."
# kind = "wrong"
# [expect]
# accuracy = 0
# ///
# %% accuracy-answer
network = nn.Sequential(ConvLayer(1, 8), nn.MaxPool2d(2), ConvLayer(8, 16), nn.MaxPool2d(2),
                        ConvLayer(16, 32), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(32 * 3 * 3, dls.c))
learn = Learner(dls, network, metrics=accuracy)
