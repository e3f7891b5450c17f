"""Fifty outputs share a name, and one update of a million lists changes them all: copied, they would take gigabytes.

Ends with: 10 of 10: it harms nobody.
The feedback says: Right on every input.
"""
# /// attempt
# says = "Fifty outputs share a name, and one update of a million lists changes them all: copied, they would take gigabytes."
# kind = "wrong"
# ///

# /// attack
# feedback = "Right on every input."
# ///
# %% last
from IPython.display import display, update_display

for _ in range(60):
    display("small", display_id="one")
lists = [[] for _ in range(1_000_000)]
update_display({"application/json": lists}, display_id="one", raw=True)
