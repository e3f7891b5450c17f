# /// attempt
# says = "The mean over all places: padding counts."
# kind = "wrong"
# [expect]
# mean_of_words = 0
# accuracy = [0, 5]
# ///
# %% mean-answer
def mean_of_words(rows, numbers):
    return rows.mean(1)
