# /// attempt
# says = "Moves the pictures that it was given, instead of giving moved ones."
# kind = "wrong"
# [expect]
# shift = [0, 0.5]
# lift = [0, 10]
# ///
# %% shift-answer
def shift(x, down, right):
    x[:] = F.pad(x, (right, -right, down, -down))
    return x
