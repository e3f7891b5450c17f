"""A cell that runs for a minute.

Ends with: 5 of 10: it is interrupted, and the rest runs.
The feedback says: The cell ran longer than its limit of 10 s, in code cell
"""
# /// attempt
# says = "A cell that runs for a minute."
# kind = "wrong"
# [expect]
# accuracy = 0
# ///

# /// attack
# feedback = "The cell ran longer than its limit of 10 s, in code cell"
# ///
# %% answer_model
import time

began = time.time()
while time.time() - began < 60:
    pass
