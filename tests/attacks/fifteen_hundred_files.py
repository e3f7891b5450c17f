"""More files than a run may have, the notebook's own table among them.

Ends with: 10 of 10; what is over the limit is left out, and it is said.
The feedback says: 501 files were left out: a notebook may bring along at most
"""
# /// attempt
# says = "More files than a run may have, the notebook's own table among them."
# kind = "wrong"
# ///

# /// attack
# feedback = "501 files were left out: a notebook may bring along at most"
# ///
# %% folder
for number in range(1501):
    (folder / f"{number:04}.txt").write_text("x")
