# /// attempt
# says = "Sums the loss instead of taking its mean."
# kind = "wrong"
# [expect]
# bce_loss = 0
# accuracy = [0, 6]
# ///
# %% bce_loss_answer
def bce_loss(scores, y):
    return (F.softplus(scores) - y * scores).sum()
