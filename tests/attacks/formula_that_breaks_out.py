"""Formulas whose words would be attributes and tags, were they not written as text.

Ends with: 6 of 6 that need no person, and nothing acts.
The feedback says: Formulas that are read.
"""
# /// attempt
# says = "Formulas whose words would be attributes and tags, were they not written as text."
# kind = "wrong"
# [expect]
# story = 0
# ///

# /// attack
# feedback = "Formulas that are read."
# exercise = "apply_elsewhere"
# by_hand = ["story"]
# ///
# %% story
Formulas that are read. window.acted
$\hspace{1em" onmouseover="window.acted=1" onclick="window.acted=1}$ $\text{<img src=x onerror="window.acted=1">}$
$\operatorname{<script>window.acted=1</script>}$ $\nosuch{<svg/onload=window.acted=1>}$

$$\xrightarrow{<iframe src="javascript:window.acted=1">} \href{javascript:window.acted=1}{here}$$

\begin{aligned} a &= \text{"><script>window.acted=1</script>} \end{aligned}
