# /// attempt
# says = "The lecture's code, unchanged."
# kind = "pasted"
# [expect]
# rmse_gain = 0
# error_by_known = 0
# lift = 0
# ///
