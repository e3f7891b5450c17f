# /// attempt
# says = "A percentage instead of a share."
# kind = "wrong"
# [expect]
# share_right = [0, 0.5]
# ///
# %% share-right-answer
def share_right(scores, labels):
    return 100 * (scores.argmax(axis=1) == labels).mean()
