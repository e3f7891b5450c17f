# /// attempt
# says = "Steps up the gradient."
# kind = "wrong"
# [expect]
# sgd_step = 0
# accuracy = 0
# ///
# %% sgd_step_answer
def sgd_step(params, grads, lr):
    return [p + lr * g for p, g in zip(params, grads)]
