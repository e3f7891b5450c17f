# /// attempt
# says = "Words must occur more often than at_least."
# kind = "wrong"
# [expect]
# vocabulary = [0, 1]
# ///
# %% vocabulary-answer
def vocabulary(texts, at_least):
    counts = Counter(word for words in texts for word in words)
    kept = [word for word in counts if counts[word] > at_least]
    return ["(padding)", "(unknown)"] + sorted(kept, key=lambda word: (-counts[word], word))
