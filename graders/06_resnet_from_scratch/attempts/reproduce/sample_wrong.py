# /// attempt
# says = "Turns the kernel over, and takes the mean of each picture by itself."
# kind = "wrong"
# [expect]
# convolve = [0, 0.5]
# batch_norm = [0, 1.5]
# ///
# %% convolve-answer
def convolve(x, weight, stride, padding):
    return F.conv2d(x, weight.flip((2, 3)), stride=stride, padding=padding)
# %% batch-norm-answer
def batch_norm(x, scale, shift, mean, variance, training):
    mean, variance = x.mean((2, 3), keepdim=True), x.var((2, 3), keepdim=True, unbiased=False)
    return (x - mean) / (variance + 1e-5).sqrt() * scale[:, None, None] + shift[:, None, None]
