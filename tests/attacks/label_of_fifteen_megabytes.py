"""One label is fifteen million letters long, so that a table of them would take 24 GB.

Ends with: 5 of 10, and the grader's memory stays small.
The feedback says: The results take|Some predictions are longer than 500 characters|MemoryError
"""
# /// attempt
# says = "One label is fifteen million letters long, so that a table of them would take 24 GB."
# kind = "wrong"
# [expect]
# accuracy = 0
# ///

# /// attack
# feedback = "The results take|Some predictions are longer than 500 characters|MemoryError"
# ///
# %% answer_model
predict = lambda paths: ["3" * 15_000_000] + ["3"] * (len(paths) - 1)
