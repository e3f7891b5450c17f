# /// attempt
# says = "Equally frequent words in the order in which they came."
# kind = "wrong"
# [expect]
# vocabulary = 0
# ///
# %% vocabulary-answer
def vocabulary(texts, at_least):
    counts = Counter(word for words in texts for word in words)
    return ["(padding)", "(unknown)"] + [word for word, n in counts.most_common() if n >= at_least]
