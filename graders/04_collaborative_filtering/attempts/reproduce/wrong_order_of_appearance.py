# /// attempt
# says = "Numbers names as they come, not sorted."
# kind = "wrong"
# [expect]
# numbered = [0, 1]
# ///
# %% numbered-answer
def numbered(known, asked):
    number = {name: place for place, name in enumerate(dict.fromkeys(known), start=1)}
    return [number.get(name, 0) for name in asked]
