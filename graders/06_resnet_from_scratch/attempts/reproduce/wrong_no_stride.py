# /// attempt
# says = "Goes one pixel on, whatever the stride, and lays the frame on the left and above only."
# kind = "wrong"
# [expect]
# convolve = [0, 0.5]
# ///
# %% convolve-answer
def convolve(x, weight, stride, padding):
    k = weight.shape[-1]
    x = F.pad(x, (padding, 0, padding, 0))
    rows, columns = x.shape[2] - k + 1, x.shape[3] - k + 1
    out = torch.zeros(len(x), len(weight), rows, columns)
    for i in range(rows):
        for j in range(columns):
            out[:, :, i, j] = (x[:, None, :, i:i + k, j:j + k] * weight).sum((2, 3, 4))
    return out
