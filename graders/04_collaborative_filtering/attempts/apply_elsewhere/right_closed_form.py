# /// attempt
# says = "Shrunken means of three levels, gone over five times, in pandas alone."
# kind = "right"
# ///
# %% lift-answer
def name(rows, columns):
    return sum((" " + rows[column].astype(str) for column in columns[1:]), rows[columns[0]].astype(str))


levels = {"student": (["student"], 12), "lecturer": (["lecturer"], 6),
          "lecture": (["lecturer", "semesters_ago", "service"], 15)}
center = train["rating"].mean()
rest, offset = train["rating"] - center, {}
for again in range(5):
    for level, (columns, doubt) in levels.items():
        keys = name(train, columns)
        if level in offset:
            rest = rest + keys.map(offset[level])
        groups = rest.groupby(keys)
        offset[level] = groups.sum() / (groups.count() + doubt)
        rest = rest - keys.map(offset[level])


def predict(table):
    said = center + sum(name(table, columns).map(offset[level]).fillna(0) for level, (columns, _) in levels.items())
    return said.to_numpy()

# %% errors-answer
print("later")
