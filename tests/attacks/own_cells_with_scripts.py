"""Cells of the learner's own, in Markdown and raw, with scripts.

Ends with: 10 of 10, and nothing acts.
The feedback says: Words of my own.
"""
# /// attempt
# says = "Cells of the learner's own, in Markdown and raw, with scripts."
# kind = "wrong"
# ///

# /// attack
# feedback = "Words of my own."
# ///
# %% notebook
from nbformat.v4 import new_markdown_cell, new_raw_cell

notebook.cells.append(
    new_markdown_cell(
        "Words of my own. <script>window.acted = 1</script> [x](java&#115;cript:window.acted=1)"
    )
)
notebook.cells.append(new_raw_cell("<script>window.acted = 1</script>", metadata={"format": "text/html"}))
