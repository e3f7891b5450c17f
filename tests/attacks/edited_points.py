"""The points of every check are raised to a hundred, in the cells' metadata.

Ends with: 10 of 10, and not 400.
The feedback says: Score: 10.0 / 10.0
"""
# /// attempt
# says = "The points of every check are raised to a hundred, in the cells' metadata."
# kind = "wrong"
# ///

# /// attack
# feedback = "Score: 10.0 / 10.0"
# ///
# %% notebook
for cell in notebook.cells:
    if "nbgrader" in cell.metadata:
        cell.metadata.nbgrader.update(points=100, locked=False, checksum="0")
