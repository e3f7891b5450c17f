# /// attempt
# says = "argmax along the pictures instead of the classes."
# kind = "wrong"
# [expect]
# share_right = [0, 0.5]
# ///
# %% share-right-answer
def share_right(scores, labels):
    return (scores.argmax(axis=0) == labels).mean()
