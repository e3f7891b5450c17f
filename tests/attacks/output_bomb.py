"""A hundred megabytes of text.

Ends with: 5 of 10: the run is ended, and what came before counts.
The feedback says: The outputs take more than the limit of 20 MB
"""
# /// attempt
# says = "A hundred megabytes of text."
# kind = "wrong"
# [expect]
# accuracy = 0
# ///

# /// attack
# feedback = "The outputs take more than the limit of 20 MB"
# ///
# %% answer_model
for _ in range(100):
    print("x" * 2**20)
