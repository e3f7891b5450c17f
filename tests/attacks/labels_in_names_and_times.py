"""Labels are guessed from the names, sizes, times and order of the held-out files.

Ends with: 5 of 10 and a little chance: they say nothing.
The feedback says: accuracy|No better than
"""
# /// attempt
# says = "Labels are guessed from the names, sizes, times and order of the held-out files."
# kind = "wrong"
# [expect]
# accuracy = [0, 0.5]
# ///


# /// attack
# feedback = "accuracy|No better than"
# ///
# %% answer_model
def predict(paths):
    stats = [(path.stat().st_mtime_ns, path.name, path.stat().st_ino) for path in paths]
    middle = sorted(stats)[len(stats) // 2]
    return ["3" if stat < middle else "7" for stat in stats]
