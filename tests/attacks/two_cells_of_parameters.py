"""Two cells tagged parameters, neither of them Python.

Ends with: 10 of 10: the seed of the grader is lost on a notebook that sets none, and nothing else.
The feedback says: Right on every input.
"""
# /// attempt
# says = "Two cells tagged parameters, neither of them Python."
# kind = "wrong"
# ///

# /// attack
# feedback = "Right on every input."
# ///
# %% notebook
from nbformat.v4 import new_code_cell

for number in range(2):
    notebook.cells.insert(
        0, new_code_cell("seed = (", metadata={"tags": ["parameters", "injected-parameters"]})
    )
