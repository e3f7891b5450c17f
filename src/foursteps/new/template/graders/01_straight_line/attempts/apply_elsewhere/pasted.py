# /// attempt
# says = "The lecture, pasted unchanged."
# kind = "pasted"
# [expect]
# least_squares = 0
# gain = 0
# lift = 0
# ///
