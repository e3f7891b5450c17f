# /// attempt
# says = "Looks for layers among the outermost only, and at what goes in."
# kind = "wrong"
# [expect]
# spreads = 0
# ///
# %% spreads-answer
def spreads(model, x, kind):
    found = []
    hooks = [layer.register_forward_hook(lambda layer, inputs, output: found.append(inputs[0].std().item()))
             for layer in model.children() if isinstance(layer, kind)]
    model(x)
    for hook in hooks:
        hook.remove()
    return found
