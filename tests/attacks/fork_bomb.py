"""Two hundred processes.

Ends with: 5 of 10: what came before counts, and the rest runs.
The feedback says: The notebook started more processes and threads than its limit of 128.|The cell ran longer than its limit of 10 s
"""
# /// attempt
# says = "Two hundred processes."
# kind = "wrong"
# [expect]
# accuracy = 0
# ///

# /// attack
# feedback = "The notebook started more processes and threads than its limit of 128.|The cell ran longer than its limit of 10 s"
# ///
# %% answer_model
import os
import time

for _ in range(200):
    if os.fork() == 0:
        time.sleep(5)
        os._exit(0)
