"""The notebook is a link to that of a learner who has everything right.

Ends with: 0 of 10. A link is no work; it is set aside and named.
The feedback says: `reproduce.ipynb` is a link; only files are taken, so it was left out.
"""
# /// attempt
# says = "The notebook is a link to that of a learner who has everything right."
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
path.symlink_to(course.workspace / "submitted" / honest / folder.name / "reproduce.ipynb")
