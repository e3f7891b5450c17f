"""A write-up shows an attachment that it does not have, over which the page cannot be made.

Ends with: 6 of 6 that need no person.
The feedback says: Words that are read.
"""
# /// attempt
# says = "A write-up shows an attachment that it does not have, over which the page cannot be made."
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
Words that are read. ![x](attachment:nothing.png)
