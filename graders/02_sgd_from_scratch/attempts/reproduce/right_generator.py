# /// attempt
# says = "Yields batches from an order that NumPy shuffles, as lists."
# kind = "right"
# ///
# %% batches_answer
def batches(n, size):
    order = np.random.permutation(n)
    for first in range(0, n, size):
        yield order[first : first + size].tolist()
# %% sgd_step_answer
def sgd_step(params, grads, lr):
    new = []
    for p, g in zip(params, grads):
        new.append(p.detach().clone().sub_(g, alpha=lr))
    return new
