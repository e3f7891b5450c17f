"""Every check is moved to the front, before anything could go wrong.

Ends with: 5 of 10. They are moved behind their answers.
The feedback says: stood before its answer; it has been moved behind it.
"""
# /// attempt
# says = "Every check is moved to the front, before anything could go wrong."
# kind = "wrong"
# [expect]
# accuracy = 0
# ///

# /// attack
# feedback = "stood before its answer; it has been moved behind it."
# ///
# %% answer_model
predict = lambda paths: ["3"] * len(paths)
# %% notebook
checks = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
notebook.cells = checks + [cell for cell in notebook.cells if cell not in checks]
