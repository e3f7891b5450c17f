# /// attempt
# says = "Leaves the gradient to autograd, and the loss to torch."
# kind = "right"
# ///
# %% gradient_answer
def gradient(x, y, w, b):
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    F.binary_cross_entropy_with_logits(x @ w + b, y).backward()
    return w.grad, b.grad
# %% bce_loss_answer
def bce_loss(scores, y):
    return F.binary_cross_entropy_with_logits(scores, y)
