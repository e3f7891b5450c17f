# /// attempt
# says = "The lecture's code, unchanged."
# kind = "pasted"
# [expect]
# auc = 0
# found_in_top = 0
# lift = 0
# ///
