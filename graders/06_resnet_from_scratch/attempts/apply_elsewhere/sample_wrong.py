# /// attempt
# says = "Rolls the pictures around, and tosses a coin for every picture."
# kind = "wrong"
# [expect]
# shift = [0, 0.7]
# sign_test = 0
# lift = [0, 10]
# ///
# %% shift-answer
def shift(x, down, right):
    return torch.roll(x, (down, right), dims=(2, 3))
# %% sign-test-answer
def sign_test(truth, ours, theirs):
    a, b = int((ours == truth).sum()), int((theirs == truth).sum())
    return a, b, min(1.0, 2 * sum(math.comb(a + b, k) for k in range(min(a, b) + 1)) / 2 ** (a + b))
