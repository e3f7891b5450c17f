"""The same, deaf to every interrupt.

Ends with: 5 of 10: the run is ended, and what came before counts.
The feedback says: nothing after it ran
"""
# /// attempt
# says = "The same, deaf to every interrupt."
# kind = "wrong"
# [expect]
# accuracy = 0
# ///

# /// attack
# feedback = "nothing after it ran"
# ///
# %% answer_model
import signal
import time

signal.signal(signal.SIGINT, signal.SIG_IGN)
began = time.time()
while time.time() - began < 60:
    pass
