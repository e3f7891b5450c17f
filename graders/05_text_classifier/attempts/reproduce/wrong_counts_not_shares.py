# /// attempt
# says = "Counts of texts instead of shares: the more frequent label decides."
# kind = "wrong"
# [expect]
# telling_words = [0, 2]
# ///
# %% telling-words-answer
def telling_words(texts, labels, count):
    found = {0: Counter(), 1: Counter()}
    for words, label in zip(texts, labels):
        found[label].update(set(words))
    gap = {word: abs(found[1][word] - found[0][word]) for word in set(found[0]) | set(found[1])}
    return sorted(gap, key=gap.get, reverse=True)[:count]

# %% look-answer
print('later')
