"""A function gives arrays of nothing but NaN.

Ends with: 8 of 10.
The feedback says: 0 of 4 hidden inputs right
"""
# /// attempt
# says = "A function gives arrays of nothing but NaN."
# kind = "wrong"
# [expect]
# mean_image = 0
# ///


# /// attack
# feedback = "0 of 4 hidden inputs right"
# ///
# %% answer_mean
def mean_image(images):
    return images.mean(axis=0) * np.nan
