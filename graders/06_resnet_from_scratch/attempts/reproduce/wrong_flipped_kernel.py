# /// attempt
# says = "The convolution of mathematics, with the kernel turned over."
# kind = "wrong"
# [expect]
# convolve = [0, 0.5]
# ///
# %% convolve-answer
def convolve(x, weight, stride, padding):
    return F.conv2d(x, weight.flip((2, 3)), stride=stride, padding=padding)
