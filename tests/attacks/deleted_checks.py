"""Every check is deleted, so that somebody has to grade by hand.

Ends with: 5 of 10. They are put back.
The feedback says: The cell `accuracy` was missing and has been put back.
"""
# /// attempt
# says = "Every check is deleted, so that somebody has to grade by hand."
# kind = "wrong"
# [expect]
# accuracy = 0
# ///

# /// attack
# feedback = "The cell `accuracy` was missing and has been put back."
# ///
# %% answer_model
predict = lambda paths: ["3"] * len(paths)
# %% notebook
notebook.cells = [cell for cell in notebook.cells if not cell.metadata.get("nbgrader", {}).get("grade")]
