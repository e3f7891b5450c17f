"""The kernel kills itself before the model is asked.

Ends with: 5 of 10: what came before counts.
The feedback says: The kernel died, killed by SIGKILL
"""
# /// attempt
# says = "The kernel kills itself before the model is asked."
# kind = "wrong"
# [expect]
# accuracy = 0
# ///

# /// attack
# feedback = "The kernel died, killed by SIGKILL"
# ///
# %% answer_model
import os
import signal

os.kill(os.getpid(), signal.SIGKILL)
