# /// attempt
# says = "A product of matrices: every person with every film."
# kind = "wrong"
# [expect]
# score = 0
# ///
# %% score-answer
def score(people, films, person_bias, film_bias, users, items):
    dot = people[users] @ films[items].T
    return 5.5 * torch.sigmoid(dot + person_bias[users] + film_bias[items])
