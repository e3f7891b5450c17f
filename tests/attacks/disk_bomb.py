"""Two gigabytes of files.

Ends with: 5 of 10.
The feedback says: The notebook wrote more than its limit of 1024 MB of files.
"""
# /// attempt
# says = "Two gigabytes of files."
# kind = "wrong"
# [expect]
# accuracy = 0
# ///

# /// attack
# feedback = "The notebook wrote more than its limit of 1024 MB of files."
# ///
# %% answer_model
block = bytes(16 * 2**20)
for number in range(128):
    with open(f"/tmp/{number}", "wb") as file:
        file.write(block)
