# /// attempt
# says = "Drops the last, shorter batch."
# kind = "wrong"
# [expect]
# batches = 0
# ///
# %% batches_answer
def batches(n, size):
    return torch.randperm(n)[: n // size * size].split(size)
