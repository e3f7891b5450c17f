"""Thirty thousand small outputs, which no page could show.

Ends with: 10 of 10.
The feedback says: more outputs were left out.
"""
# /// attempt
# says = "Thirty thousand small outputs, which no page could show."
# kind = "wrong"
# ///

# /// attack
# feedback = "more outputs were left out."
# ///
# %% last
from IPython.display import display

for number in range(30_000):
    display({"text/plain": str(number)}, raw=True)
