"""A cell of parameters with a hundred thousand minus signs, over which Python's parser runs out of memory.

Ends with: 4 of 10. The cell fails when it runs, and with it what needs its seed; the rest counts.
The feedback says: Right on every input.
"""
# /// attempt
# says = "A cell of parameters with a hundred thousand minus signs, over which Python's parser runs out of memory."
# kind = "wrong"
# [expect]
# classes = 0
# accuracy = 0
# ///

# /// attack
# feedback = "Right on every input."
# ///
# %% notebook
cell = next(cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", []))
cell.source += "\nother = " + "-" * 90_000 + "1"
