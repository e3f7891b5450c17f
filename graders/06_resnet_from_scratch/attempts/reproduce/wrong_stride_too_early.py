# /// attempt
# says = "Counts a layer's stride for the layer itself."
# kind = "wrong"
# [expect]
# receptive_field = [0, 0.4]
# ///
# %% receptive-field-answer
def receptive_field(layers):
    field, step = 1, 1
    for size, stride in layers:
        step *= stride
        field += (size - 1) * step
    return field
