"""Markdown with scripts, events and addresses that act, in every disguise.

Ends with: 6 of 6 that need no person, and nothing acts.
The feedback says: Words that are read.
"""
# /// attempt
# says = "Markdown with scripts, events and addresses that act, in every disguise."
# kind = "wrong"
# [expect]
# story = 0
# ///

# /// attack
# feedback = "Words that are read."
# exercise = "apply_elsewhere"
# by_hand = ["story"]
# ///
# %% story
Words that are read.
<script>window.acted = 1</script> <img src=x onerror="window.acted = 1"> <svg/onload=window.acted=1>
[one](javascript:window.acted=1) [two](java&#115;cript:window.acted=1) [three](&#x6A;avascript:window.acted=1)
[four](JaVaScRiPt:window.acted=1) [five](javascript&colon;window.acted=1) [six](data:text/html,<script>1</script>)
<a href="javascript:window.acted=1">seven</a> ![eight](x"onerror="window.acted=1)
$\href{javascript:window.acted=1}{nine}$
