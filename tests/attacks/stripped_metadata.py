"""All metadata and all ids are stripped, as some editors do.

Ends with: 10 of 10: an honest accident, too.
The feedback says: had lost its nbgrader data; they have been put back.
"""
# /// attempt
# says = "All metadata and all ids are stripped, as some editors do."
# kind = "wrong"
# ///

# /// attack
# feedback = "had lost its nbgrader data; they have been put back."
# ///
# %% notebook
for cell in notebook.cells:
    cell.metadata.clear()
    cell.pop("id")
