# /// attempt
# says = "Tosses a coin for every picture, also for those that both get right."
# kind = "wrong"
# [expect]
# sign_test = 0
# ///
# %% sign-test-answer
def sign_test(truth, ours, theirs):
    a, b = int((ours == truth).sum()), int((theirs == truth).sum())
    return a, b, min(1.0, 2 * sum(math.comb(a + b, k) for k in range(min(a, b) + 1)) / 2 ** (a + b))
