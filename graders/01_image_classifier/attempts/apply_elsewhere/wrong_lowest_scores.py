# /// attempt
# says = "Takes a low raw score of the true class for a high loss."
# kind = "wrong"
# [expect]
# most_expensive = [0, 0.7]
# ///
# %% most-expensive-answer
def most_expensive(scores, labels, count):
    return np.argsort(scores[np.arange(len(labels)), labels])[:count]

# %% errors-answer
print('later')
