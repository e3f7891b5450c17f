# /// attempt
# says = "Every occurrence of a word counts, three times in a text as three texts."
# kind = "wrong"
# [expect]
# telling_words = [0, 2]
# ///
# %% telling-words-answer
def telling_words(texts, labels, count):
    found = {0: Counter(), 1: Counter()}
    for words, label in zip(texts, labels):
        found[label].update(words)
    n = Counter(labels)
    gap = {word: abs(found[1][word] / n[1] - found[0][word] / n[0]) for word in set(found[0]) | set(found[1])}
    return sorted(gap, key=gap.get, reverse=True)[:count]

# %% look-answer
print('later')
