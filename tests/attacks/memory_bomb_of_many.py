"""Eight processes that hold four gigabytes together.

Ends with: 5 of 10: the run is ended, and what came before counts.
The feedback says: The run held more memory than its limit of 1024 MB
"""
# /// attempt
# says = "Eight processes that hold four gigabytes together."
# kind = "wrong"
# [expect]
# accuracy = 0
# ///

# /// attack
# feedback = "The run held more memory than its limit of 1024 MB"
# ///
# %% answer_model
import os
import time

for _ in range(8):
    if os.fork() == 0:
        block = bytearray(os.urandom(1)) * (500 * 2**20)
        time.sleep(8)
        os._exit(0)
time.sleep(8)
