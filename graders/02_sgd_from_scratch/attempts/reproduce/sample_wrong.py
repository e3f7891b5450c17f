# /// attempt
# says = "Weighs the batches by drawing with replacement, and forgets the mean of the gradient."
# kind = "wrong"
# [expect]
# gradient = 0
# batches = 0
# ///
# %% gradient_answer
def gradient(x, y, w, b):
    error = torch.sigmoid(x @ w + b) - y
    return x.T @ error, error.sum(0)
# %% batches_answer
def batches(n, size):
    return torch.randint(0, n, (n,)).split(size)
