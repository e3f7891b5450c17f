# /// attempt
# says = "Dictionaries and loops where the solution has pandas; NumPy for the neighbours."
# kind = "right"
# ///
# %% means-answer
def user_and_item_means(users, items, ratings, new_users, new_items):
    middle = sum(ratings) / len(ratings)
    film, person = {}, {}
    for i, r in zip(items, ratings):
        film.setdefault(i, []).append(r - middle)
    film = {i: sum(rest) / (len(rest) + 5) for i, rest in film.items()}
    for u, i, r in zip(users, items, ratings):
        person.setdefault(u, []).append(r - middle - film[i])
    person = {u: sum(rest) / (len(rest) + 10) for u, rest in person.items()}
    return [middle + film.get(i, 0) + person.get(u, 0) for u, i in zip(new_users, new_items)]

# %% numbered-answer
def numbered(known, asked):
    names = sorted(set(known))
    return [names.index(name) + 1 if name in names else 0 for name in asked]

# %% alike-answer
def most_alike(factors, row, count):
    table = factors.numpy().astype(float)
    cosine = table @ table[row] / np.linalg.norm(table, axis=1)
    cosine[row] = -np.inf
    return np.argsort(-cosine)[:count]

# %% score-answer
def score(people, films, person_bias, film_bias, users, items):
    dot = torch.einsum("nk,nk->n", people[users], films[items])
    return 5.5 / (1 + torch.exp(-dot - person_bias[users] - film_bias[items]))
