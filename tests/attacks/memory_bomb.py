"""Four gigabytes in one process.

Ends with: 5 of 10.
The feedback says: The notebook asked for more memory than its limit of 1024 MB.
"""
# /// attempt
# says = "Four gigabytes in one process."
# kind = "wrong"
# [expect]
# accuracy = 0
# ///

# /// attack
# feedback = "The notebook asked for more memory than its limit of 1024 MB."
# ///
# %% answer_model
block = bytearray(4 * 2**30)
