# /// attempt
# says = "Sorts the vocabulary before it numbers the words."
# kind = "wrong"
# [expect]
# look_up = [0, 2]
# ///
# %% look-up-answer
def look_up(vocabulary, weight, asked):
    code = {word: number for number, word in enumerate(sorted(vocabulary), 1)}
    return weight[[code.get(word, 0) for word in asked]]
