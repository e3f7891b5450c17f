"""Links beside the notebook lead to the gradebook, the secret and the keys, in the hope that their contents come back with the feedback.

Ends with: 10 of 10. The links are set aside, and nothing but pages comes back.
The feedback says: `leak.csv` is a link; only files are taken, so it was left out.
"""
# /// attempt
# says = "Links beside the notebook lead to the gradebook, the secret and the keys, in the hope that their contents come back with the feedback."
# kind = "wrong"
# ///

# /// attack
# feedback = "`leak.csv` is a link; only files are taken, so it was left out."
# ///
# %% folder
(folder / "leak.csv").symlink_to("../../../gradebook.db")
(folder / "leak.txt").symlink_to(course.workspace / "secret")
(folder / "keys").symlink_to(course.workspace / "keys")
(folder / "round").symlink_to(folder)
(folder / "nowhere").symlink_to("/does/not/exist")
