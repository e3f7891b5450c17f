"""The facts of a property are stated instead of found.

Ends with: 1 of 10: a property can be stated, which is why properties carry at most a fifth of the points.
The feedback says: No better than
"""
# /// attempt
# says = "The facts of a property are stated instead of found."
# kind = "wrong"
# [expect]
# mean_image = 0
# distance = 0
# accuracy = 0
# ///


# /// attack
# feedback = "No better than"
# ///
# %% answer_mean
def mean_image(images):
    return 0.0


# %% answer_distance
def distance(a, b):
    return 0.0


# %% answer_data
path = get("mnist_3_7", seed=seed)
classes = ["3", "7"]
# %% answer_model
predict = lambda paths: ["3"] * len(paths)
