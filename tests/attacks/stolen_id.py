"""The check of the model is deleted, and a cell of the learner's own carries its id.

Ends with: 5 of 10. The cell is as released again.
The feedback says: The cell `accuracy` had been edited; it is as released again.
"""
# /// attempt
# says = "The check of the model is deleted, and a cell of the learner's own carries its id."
# kind = "wrong"
# [expect]
# accuracy = 0
# ///

# /// attack
# feedback = "The cell `accuracy` had been edited; it is as released again."
# ///
# %% answer_model
predict = lambda paths: ["3"] * len(paths)
# %% notebook
from nbformat.v4 import new_code_cell

meta = find(notebook, "accuracy").metadata
notebook.cells = [cell for cell in notebook.cells if cell is not find(notebook, "accuracy")]
notebook.cells.append(new_code_cell("print('passed')\n5.0", metadata=meta))
