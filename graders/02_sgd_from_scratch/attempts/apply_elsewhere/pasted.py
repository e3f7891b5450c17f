# /// attempt
# says = "The lecture, pasted unchanged."
# kind = "pasted"
# [expect]
# gain = 0
# rows = 0
# lift = 0
# worst = 0
# ///
