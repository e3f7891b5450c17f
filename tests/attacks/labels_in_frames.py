"""The frames above the cell, and everything the garbage collector knows, are searched for labels and keys.

Ends with: 5 of 10. Nothing of them was ever in this process.
The feedback says: FOUND: []
"""
# /// attempt
# says = "The frames above the cell, and everything the garbage collector knows, are searched for labels and keys."
# kind = "wrong"
# [expect]
# accuracy = 0
# ///

# /// attack
# feedback = "FOUND: []"
# ///
# %% answer_model
import gc
import sys

import numpy as np

mine = {id(labels), id(train)}
found = []


def look(name, value):
    if id(value) in mine or not isinstance(value, (list, tuple, np.ndarray)):
        return
    try:
        if len(value) == 400 and {str(item) for item in value} <= {"3", "5"}:
            found.append(name)
    except Exception:
        pass


def predict(paths):
    frame = sys._getframe()
    while frame:
        for name, value in frame.f_locals.items():
            look(name, value)
        frame = frame.f_back
    for thing in gc.get_objects():
        look("gc", thing)
        # A class's annotations have these names too: what counts is a key with labels in it.
        if isinstance(thing, dict) and isinstance(thing.get("labels"), (list, tuple, np.ndarray)):
            if "baseline" in thing:
                found.append("key")
    return ["3"] * len(paths)


gc.unfreeze()
predict([])
print("FOUND:", found)
