# /// attempt
# says = "The most frequent pair, right answers included."
# kind = "wrong"
# [expect]
# most_confused = 0
# ///
# %% most-confused-answer
def most_confused(truth, said):
    from collections import Counter

    (actual, answer), count = Counter(zip(truth, said)).most_common(1)[0]
    return actual, answer, count
