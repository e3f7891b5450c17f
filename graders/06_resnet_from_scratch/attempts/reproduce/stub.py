# /// attempt
# says = "The untouched exercise."
# kind = "stub"
# ///
