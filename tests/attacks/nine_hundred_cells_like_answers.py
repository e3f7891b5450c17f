"""Nine hundred cells of two thousand letters, each nearly like a lost answer, which the repair compares.

Ends with: what its copies of the model's answer earn, and in bounded time.
The feedback says: was missing and has been put back.
"""
# /// attempt
# says = "Nine hundred cells of two thousand letters, each nearly like a lost answer, which the repair compares."
# kind = "wrong"
# [expect]
# mean_image = [0, 2]
# distance = [0, 2]
# classes = [0, 1]
# accuracy = [0, 5]
# ///

# /// attack
# feedback = "was missing and has been put back."
# ///
# %% notebook
from nbformat.v4 import new_code_cell

text = find(notebook, "answer_model").source
notebook.cells = [new_code_cell(text + "#" + "ab" * 900 + str(number)) for number in range(900)]
