# /// attempt
# says = "torch's own unfold and batch norm; biases that batch norm takes away; a list of hooks that take themselves away."
# kind = "right"
# ///
# %% convolve-answer
def convolve(x, weight, stride, padding):
    n, _, h, w = x.shape
    c_out, _, k, _ = weight.shape
    columns = F.unfold(x, k, padding=padding, stride=stride)
    out = weight.flatten(1) @ columns
    return out.view(n, c_out, (h + 2 * padding - k) // stride + 1, (w + 2 * padding - k) // stride + 1)
# %% batch-norm-answer
def batch_norm(x, scale, shift, mean, variance, training):
    return F.batch_norm(x, mean, variance, scale, shift, training=training)
# %% receptive-field-answer
def receptive_field(layers):
    # Backwards: how many places of the map before are needed for this many of the map behind.
    places = 1
    for size, stride in reversed(layers):
        places = (places - 1) * stride + size
    return places
# %% spreads-answer
def spreads(model, x, kind):
    found, hooks = [], []

    def keep(layer, inputs, output):
        found.append(float(output.detach().std()))

    for layer in model.modules():
        if isinstance(layer, kind):
            hooks.append(layer.register_forward_hook(keep))
    try:
        with torch.no_grad():
            model(x)
    finally:
        for hook in hooks:
            hook.remove()
    return found
