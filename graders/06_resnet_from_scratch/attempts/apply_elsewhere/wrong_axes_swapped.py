# /// attempt
# says = "Takes down for right."
# kind = "wrong"
# [expect]
# shift = [0, 0.5]
# lift = [0, 10]
# ///
# %% shift-answer
def shift(x, down, right):
    return F.pad(x, (down, -down, right, -right))
