# /// attempt
# says = "Takes mean and variance of each picture by itself, in training and after."
# kind = "wrong"
# [expect]
# batch_norm = [0, 1.5]
# ///
# %% batch-norm-answer
def batch_norm(x, scale, shift, mean, variance, training):
    mean, variance = x.mean((2, 3), keepdim=True), x.var((2, 3), keepdim=True, unbiased=False)
    return (x - mean) / (variance + 1e-5).sqrt() * scale[:, None, None] + shift[:, None, None]
