"""A process that detaches itself, and waits for the grader to be gone.

Ends with: 10 of 10, and it is gone before the next submission begins.
The feedback says: Right on every input.
"""
# /// attempt
# says = "A process that detaches itself, and waits for the grader to be gone."
# kind = "wrong"
# ///

# /// attack
# feedback = "Right on every input."
# ///
# %% last
import os

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv("/bin/sleep", ["sleep", "60"])
    os._exit(0)
os.wait()
