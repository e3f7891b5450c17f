# /// attempt
# says = "Yields batches from a shuffled NumPy order."
# kind = "right"
# ///
# %% batches_answer
def batches(n, size):
    order = np.random.default_rng(0).permutation(n)
    for first in range(0, n, size):
        yield torch.tensor(order[first : first + size])
# %% sgd_step_answer
def sgd_step(params, grads, lr):
    return [p.detach() - lr * g for p, g in zip(params, grads)]
