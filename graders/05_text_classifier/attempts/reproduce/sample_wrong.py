# /// attempt
# says = "Signed differences, and a mean over padding."
# kind = "wrong"
# [expect]
# telling_words = 0
# mean_of_words = 0
# accuracy = [0, 5]
# ///
# %% telling-words-answer
def telling_words(texts, labels, count):
    found = {0: Counter(), 1: Counter()}
    for words, label in zip(texts, labels):
        found[label].update(set(words))
    n = Counter(labels)
    gap = {word: found[1][word] / n[1] - found[0][word] / n[0] for word in set(found[0]) | set(found[1])}
    return sorted(gap, key=gap.get, reverse=True)[:count]

# %% look-answer
print('later')

# %% mean-answer
def mean_of_words(rows, numbers):
    return rows.mean(1)
