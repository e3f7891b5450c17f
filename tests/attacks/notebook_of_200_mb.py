"""A notebook of 200 MB.

Ends with: 0 of 10, and it is not even read.
The feedback says: it is 200 MB large; at most 64 MB are read
"""
# /// attempt
# says = "A notebook of 200 MB."
# kind = "wrong"
# [expect]
# mean_image = 0
# distance = 0
# classes = 0
# accuracy = 0
# ///

# /// attack
# feedback = "it is 200 MB large; at most 64 MB are read"
# ///
# %% folder
with open(folder / "reproduce.ipynb", "ab") as file:
    file.truncate(200 * 2**20)
