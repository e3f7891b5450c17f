# /// attempt
# says = "The lecture's code, unchanged."
# kind = "pasted"
# [expect]
# codes = 0
# worst_groups = 0
# lift = 0
# ///
