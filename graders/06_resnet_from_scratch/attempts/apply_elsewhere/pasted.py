# /// attempt
# says = "The lecture's code, unchanged."
# kind = "pasted"
# [expect]
# rows = 0
# shift = 0
# sign_test = 0
# lift = 0
# ///
