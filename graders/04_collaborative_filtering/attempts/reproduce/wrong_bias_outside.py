# /// attempt
# says = "Adds the biases after the sigmoid."
# kind = "wrong"
# [expect]
# score = 0
# ///
# %% score-answer
def score(people, films, person_bias, film_bias, users, items):
    dot = (people[users] * films[items]).sum(1)
    return 5.5 * torch.sigmoid(dot) + person_bias[users] + film_bias[items]
