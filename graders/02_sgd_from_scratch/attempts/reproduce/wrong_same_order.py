# /// attempt
# says = "Shuffles with a seed of its own, so that every epoch has the same order."
# kind = "wrong"
# [expect]
# batches = 0
# accuracy = [0, 6]
# ///
# %% batches_answer
def batches(n, size):
    return torch.randperm(n, generator=torch.Generator().manual_seed(0)).split(size)
