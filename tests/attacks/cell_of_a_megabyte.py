"""A cell with a table of a million letters, in which labels could travel.

Ends with: 10 of 10 without it.
The feedback says: 1 cell was left out: a cell may have 100,000 characters
"""
# /// attempt
# says = "A cell with a table of a million letters, in which labels could travel."
# kind = "wrong"
# ///

# /// attack
# feedback = "1 cell was left out: a cell may have 100,000 characters"
# ///
# %% notebook
from nbformat.v4 import new_code_cell

notebook.cells.insert(3, new_code_cell("table = '" + "x" * 1_000_000 + "'"))
