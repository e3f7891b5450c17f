# /// attempt
# says = "Forgets that a new name has no offset."
# kind = "wrong"
# [expect]
# user_and_item_means = [0, 1]
# ///
# %% means-answer
def user_and_item_means(users, items, ratings, new_users, new_items):
    middle = np.mean(ratings)
    rest, said = pd.Series(ratings) - middle, np.full(len(new_users), middle)
    for names, asked, weight in ((items, new_items, 5), (users, new_users, 10)):
        groups = rest.groupby(np.array(names))
        offset = groups.sum() / (groups.count() + weight)
        rest = rest - pd.Series(names).map(offset)
        said = said + pd.Series(asked).map(offset).to_numpy()
    return said
