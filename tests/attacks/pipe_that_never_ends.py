"""A named pipe beside the notebook, which whoever opens it waits for for ever.

Ends with: 10 of 10.
The feedback says: `data.csv` is a pipe; only files are taken, so it was left out.
"""
# /// attempt
# says = "A named pipe beside the notebook, which whoever opens it waits for for ever."
# kind = "wrong"
# ///

# /// attack
# feedback = "`data.csv` is a pipe; only files are taken, so it was left out."
# ///
# %% folder
import os

os.mkfifo(folder / "data.csv")
