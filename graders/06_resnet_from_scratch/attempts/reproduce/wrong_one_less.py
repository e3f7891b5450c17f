# /// attempt
# says = "Divides by one less than the number of values."
# kind = "wrong"
# [expect]
# batch_norm = [1, 2]
# ///
# %% batch-norm-answer
def batch_norm(x, scale, shift, mean, variance, training):
    if training:
        mean, variance = x.mean((0, 2, 3)), x.var((0, 2, 3))
    mean, variance, scale, shift = (v[:, None, None] for v in (mean, variance, scale, shift))
    return (x - mean) / torch.sqrt(variance + 1e-5) * scale + shift
