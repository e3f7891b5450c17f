"""The check of the model is there three times, two of them with code of the learner's own.

Ends with: 5 of 10. One counts, as released.
The feedback says: The check `accuracy` was there 3 times; one of them counts.
"""
# /// attempt
# says = "The check of the model is there three times, two of them with code of the learner's own."
# kind = "wrong"
# [expect]
# accuracy = 0
# ///

# /// attack
# feedback = "The check `accuracy` was there 3 times; one of them counts."
# ///
# %% answer_model
predict = lambda paths: ["3"] * len(paths)
# %% notebook
import copy

original = find(notebook, "accuracy")
for number in range(2):
    forged = copy.deepcopy(original)
    forged.id, forged.source = f"forged-{number}", "5.0"
    notebook.cells.append(forged)
