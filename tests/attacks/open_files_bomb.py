"""Five thousand open files.

Ends with: 5 of 10.
The feedback says: The notebook opened more files at a time than its limit of 1024.
"""
# /// attempt
# says = "Five thousand open files."
# kind = "wrong"
# [expect]
# accuracy = 0
# ///

# /// attack
# feedback = "The notebook opened more files at a time than its limit of 1024."
# ///
# %% answer_model
held = [open("/dev/null") for _ in range(5000)]
