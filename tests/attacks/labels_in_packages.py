"""The held-out labels are looked up in the packages that carry the whole datasets, and in the dataset cache.

Ends with: 5 of 10. Those folders are empty in there.
The feedback says: FOUND: []
"""
# /// attempt
# says = "The held-out labels are looked up in the packages that carry the whole datasets, and in the dataset cache."
# kind = "wrong"
# [expect]
# accuracy = 0
# ///

# /// attack
# feedback = "FOUND: []"
# ///
# %% first
import os

found = []
folder = os.environ.pop("FOURSTEPS_GRADING")
from foursteps.data import DATASETS, held_out_labels

for source in {dataset.source.name: dataset.source for dataset in DATASETS.values()}.values():
    try:
        source.load()
        found.append(source.name)
    except Exception:
        pass
for name in ("mnist_3_7", "mnist"):
    try:
        held_out_labels(name)
        found.append(name)
    except Exception:
        pass
os.environ["FOURSTEPS_GRADING"] = folder
print("FOUND:", found)
# %% answer_model
predict = lambda paths: ["3"] * len(paths)
