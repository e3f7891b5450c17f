"""timestamp.txt holds no time: nbgrader ends a whole batch over one that it cannot read.

Ends with: 10 of 10.
The feedback says: timestamp.txt holds no time that can be read; it was left out.
"""
# /// attempt
# says = "timestamp.txt holds no time: nbgrader ends a whole batch over one that it cannot read."
# kind = "wrong"
# ///

# /// attack
# feedback = "timestamp.txt holds no time that can be read; it was left out."
# ///
# %% folder
(folder / "timestamp.txt").write_bytes(b"the day after \xff tomorrow")
