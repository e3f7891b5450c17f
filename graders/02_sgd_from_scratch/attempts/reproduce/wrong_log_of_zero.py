# /// attempt
# says = "Takes the log of a sigmoid that rounds to zero."
# kind = "wrong"
# [expect]
# bce_loss = [1, 2]
# accuracy = [0, 6]
# ///
# %% bce_loss_answer
def bce_loss(scores, y):
    p = 1 / (1 + torch.exp(-scores))
    return -(y * p.log() + (1 - y) * (1 - p).log()).mean()
