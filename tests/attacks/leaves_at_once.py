"""os._exit in the first cell.

Ends with: 0 of 10: nothing ran.
The feedback says: The kernel died with exit code 0
"""
# /// attempt
# says = "os._exit in the first cell."
# kind = "wrong"
# [expect]
# mean_image = 0
# distance = 0
# classes = 0
# accuracy = 0
# ///

# /// attack
# feedback = "The kernel died with exit code 0"
# ///
# %% first
import os

os._exit(0)
