"""A notebook that is cut off in the middle.

Ends with: 0 of 10: the untouched exercise.
The feedback says: The notebook could not be read: it is no JSON
"""
# /// attempt
# says = "A notebook that is cut off in the middle."
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
path = folder / "reproduce.ipynb"
path.write_bytes(path.read_bytes()[:1000])
