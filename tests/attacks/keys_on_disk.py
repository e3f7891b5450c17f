"""The whole file system is searched for keys, the secret, the solutions and the graders.

Ends with: 5 of 10. None of them exists in there.
The feedback says: FOUND: []
"""
# /// attempt
# says = "The whole file system is searched for keys, the secret, the solutions and the graders."
# kind = "wrong"
# [expect]
# accuracy = 0
# ///

# /// attack
# feedback = "FOUND: []"
# ///
# %% first
import os
import sys

import foursteps

open_to_all = {sys.prefix, os.path.dirname(foursteps.__file__)}  # the programs: anybody can install them
found = []
for top in (
    "@COURSE@",
    "@COURSE@/class",
    "@COURSE@/solutions",
    "@COURSE@/graders",
    "/submission",
    "/grading",
    "/scratch",
    "/tmp",
    "/root",
    "/home",
    "/var",
    "/opt",
    "/srv",
    "/mnt",
    "/run",
):
    for folder, folders, names in os.walk(top):
        folders[:] = [
            name
            for name in folders
            if os.path.join(folder, name) not in open_to_all and "-packages" not in name and name != "lib"
        ]
        found += [
            name
            for name in (*folders, *names)
            if any(word in name for word in ("gradebook", "secret", "keys", "solution", "grader"))
        ]
print("FOUND:", found)
# %% answer_model
predict = lambda paths: ["3"] * len(paths)
