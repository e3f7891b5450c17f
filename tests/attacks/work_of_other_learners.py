"""The submission of a learner who has everything right is read and run.

Ends with: 5 of 10. No other submission exists in there.
The feedback says: FOUND: []
"""
# /// attempt
# says = "The submission of a learner who has everything right is read and run."
# kind = "wrong"
# [expect]
# accuracy = 0
# ///

# /// attack
# feedback = "FOUND: []"
# ///
# %% first
import glob
import json

found = glob.glob("@COURSE@/class/*/*/*/*.ipynb") + glob.glob("/**/submitted/*/*/*.ipynb", recursive=False)
for path in found:
    for cell in json.load(open(path))["cells"]:
        exec("".join(cell["source"]))
print("FOUND:", found)
# %% answer_model
predict = lambda paths: ["3"] * len(paths)
