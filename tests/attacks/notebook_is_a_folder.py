"""The notebook is a folder of that name.

Ends with: 0 of 10.
The feedback says: `reproduce.ipynb` is a folder; only files are taken, so it was left out.
"""
# /// attempt
# says = "The notebook is a folder of that name."
# kind = "wrong"
# [expect]
# mean_image = 0
# distance = 0
# classes = 0
# accuracy = 0
# ///

# /// attack
# feedback = "`reproduce.ipynb` is a folder; only files are taken, so it was left out."
# ///
# %% folder
(folder / "reproduce.ipynb").unlink()
(folder / "reproduce.ipynb").mkdir()
(folder / "reproduce.ipynb" / "inside.txt").write_text("nothing")
