"""An input transformer turns every cell that calls check() into its own number of points.

Ends with: 0 of 10. A check that was not asked has no evidence.
The feedback says: The cell ended before its check could look at anything.
"""
# /// attempt
# says = "An input transformer turns every cell that calls check() into its own number of points."
# kind = "wrong"
# [expect]
# mean_image = 0
# distance = 0
# classes = 0
# accuracy = 0
# ///


# /// attack
# feedback = "The cell ended before its check could look at anything."
# ///
# %% first
def swallow(lines):
    return ["5.0\n"] if any("check(" in line for line in lines) else lines


get_ipython().input_transformers_post.append(swallow)
