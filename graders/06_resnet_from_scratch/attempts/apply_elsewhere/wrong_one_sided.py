# /// attempt
# says = "Asks in one direction only, and forgets that the sum includes the smaller count."
# kind = "wrong"
# [expect]
# sign_test = [0, 0.7]
# ///
# %% sign-test-answer
def sign_test(truth, ours, theirs):
    a = int(((ours == truth) & (theirs != truth)).sum())
    b = int(((ours != truth) & (theirs == truth)).sum())
    return a, b, sum(math.comb(a + b, k) for k in range(min(a, b))) / 2 ** (a + b)
