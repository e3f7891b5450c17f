# /// attempt
# says = "Plain means for shrunken ones, and counts names from 0."
# kind = "wrong"
# [expect]
# user_and_item_means = 0
# numbered = 0
# ///
# %% means-answer
def user_and_item_means(users, items, ratings, new_users, new_items):
    middle = np.mean(ratings)
    rest, said = pd.Series(ratings) - middle, np.full(len(new_users), middle)
    for names, asked in ((items, new_items), (users, new_users)):
        offset = rest.groupby(np.array(names)).mean()
        rest = rest - pd.Series(names).map(offset)
        said = said + pd.Series(asked).map(offset).fillna(0).to_numpy()
    return said

# %% numbered-answer
def numbered(known, asked):
    number = {name: place for place, name in enumerate(sorted(set(known)))}
    return [number.get(name, 0) for name in asked]

# %% look-answer
print("later")
