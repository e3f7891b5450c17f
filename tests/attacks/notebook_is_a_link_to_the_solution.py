"""The notebook is a link to the solution.

Ends with: 0 of 10.
The feedback says: `reproduce.ipynb` is a link; only files are taken, so it was left out.
"""
# /// attempt
# says = "The notebook is a link to the solution."
# kind = "wrong"
# [expect]
# mean_image = 0
# distance = 0
# classes = 0
# accuracy = 0
# ///

# /// attack
# feedback = "`reproduce.ipynb` is a link; only files are taken, so it was left out."
# ///
# %% folder
path = folder / "reproduce.ipynb"
path.unlink()
path.symlink_to("../../../../solutions/01_means/reproduce.ipynb")
