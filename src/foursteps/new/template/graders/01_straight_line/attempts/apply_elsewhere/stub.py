# /// attempt
# says = "The exercise as it was given out."
# kind = "stub"
# ///
