# /// attempt
# says = "What leaves the picture comes in again on the other side."
# kind = "wrong"
# [expect]
# shift = [0, 0.7]
# lift = [0, 10]
# ///
# %% shift-answer
def shift(x, down, right):
    return torch.roll(x, (down, right), dims=(2, 3))
