# /// attempt
# says = "Normalises by the batch when it is asked, too, as a network without eval does."
# kind = "wrong"
# [expect]
# batch_norm = [1, 2]
# ///
# %% batch-norm-answer
def batch_norm(x, scale, shift, mean, variance, training):
    mean, variance = x.mean((0, 2, 3)), x.var((0, 2, 3), unbiased=False)
    mean, variance, scale, shift = (v[:, None, None] for v in (mean, variance, scale, shift))
    return (x - mean) / torch.sqrt(variance + 1e-5) * scale + shift
