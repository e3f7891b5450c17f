"""A traceback with HTML, and with a formula that MathJax would make a link of.

Ends with: 8 of 10, and nothing acts.
The feedback says: raise
"""
# /// attempt
# says = "A traceback with HTML, and with a formula that MathJax would make a link of."
# kind = "wrong"
# [expect]
# distance = 0
# ///


# /// attack
# feedback = "raise"
# ///
# %% answer_distance
def distance(a, b):
    raise ValueError("<img src=x onerror='window.acted = 1'> $\\href{javascript:window.acted=1}{x}$")
