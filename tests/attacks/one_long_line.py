"""A line of five million letters that ends in a carriage return, over which nbclient's regular expression takes days.

Ends with: 10 of 10: it harms nobody.
The feedback says: more characters were cut
"""
# /// attempt
# says = "A line of five million letters that ends in a carriage return, over which nbclient's regular expression takes days."
# kind = "wrong"
# ///

# /// attack
# feedback = "more characters were cut"
# ///
# %% last
print("x" * 5_000_000, end="\r\n")
