# /// attempt
# says = "The lecture's code, unchanged."
# kind = "pasted"
# [expect]
# gain_interval = 0
# lift = 0
# most_expensive = 0
# ///
