# /// attempt
# says = "Padding is masked in the sum and counted in the division."
# kind = "wrong"
# [expect]
# mean_of_words = 0
# accuracy = [0, 5]
# ///
# %% mean-answer
def mean_of_words(rows, numbers):
    return (rows * (numbers > 0).unsqueeze(-1)).mean(1)
