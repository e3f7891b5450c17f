# /// attempt
# says = "Takes the users' offsets of the whole distance from the mean, not of what the items leave."
# kind = "wrong"
# [expect]
# user_and_item_means = 0
# ///
# %% means-answer
def user_and_item_means(users, items, ratings, new_users, new_items):
    middle = np.mean(ratings)
    away, said = pd.Series(ratings) - middle, np.full(len(new_users), middle)
    for names, asked, weight in ((items, new_items, 5), (users, new_users, 10)):
        groups = away.groupby(np.array(names))
        offset = groups.sum() / (groups.count() + weight)
        said = said + pd.Series(asked).map(offset).fillna(0).to_numpy()
    return said
