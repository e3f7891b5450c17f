"""Bytes that no kernel sends, on the channel to the grader.

Ends with: 5 of 10.
The feedback says: The kernel sent what no kernel sends
"""
# /// attempt
# says = "Bytes that no kernel sends, on the channel to the grader."
# kind = "wrong"
# [expect]
# accuracy = 0
# ///

# /// attack
# feedback = "The kernel sent what no kernel sends"
# ///
# %% answer_model
import os

os.write(3, b"\x00\x00\x00\x02[]")
