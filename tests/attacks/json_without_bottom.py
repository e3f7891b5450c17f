"""A hundred thousand brackets.

Ends with: 0 of 10.
The feedback says: The notebook could not be read: it is no JSON
"""
# /// attempt
# says = "A hundred thousand brackets."
# kind = "wrong"
# [expect]
# mean_image = 0
# distance = 0
# classes = 0
# accuracy = 0
# ///

# /// attack
# feedback = "The notebook could not be read: it is no JSON"
# ///
# %% folder
(folder / "reproduce.ipynb").write_bytes(b'{"cells": ' + b"[" * 100_000)
