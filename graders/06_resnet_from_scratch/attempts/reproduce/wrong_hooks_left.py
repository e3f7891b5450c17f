# /// attempt
# says = "Leaves its hooks in the model."
# kind = "wrong"
# [expect]
# spreads = 0
# ///
# %% spreads-answer
def spreads(model, x, kind):
    found = []
    for layer in model.modules():
        if isinstance(layer, kind):
            layer.register_forward_hook(lambda layer, inputs, output: found.append(output.std().item()))
    model(x)
    return found
