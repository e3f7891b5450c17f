# ruff: noqa: B905, F821  (runs after the lecture's last cell and uses its names)
"""Try it: whose neighbour is this film?

Choose a film, or point at a dot: its five nearest, by the angle between the *whole* rows of factors, show on
the map, which has room for two directions only. Where do neighbours lie far apart, and what does that say
about the map? Look for a film that you know well, and for a neighbour that makes no sense.
"""

# The 250 best-known films: where they lie on the map of section 7, and the five most alike among them.
best = known[:250]
unit = torch.nn.functional.normalize(factors[:250], dim=1)
cosines = unit @ unit.T
cosines.fill_diagonal_(-2)
values, numbers_of = cosines.topk(5, dim=1)

piece = {
    "kind": "map",
    "before": "## 8. Cold start",
    "alt": "A map of the 250 films with the most ratings, along the two directions in which their factors "
           "differ most; the chosen film and its five nearest carry their names.",
    "choose": "film",
    "across": {"label": "first direction (in deviations)"},
    "up": {"label": "second direction (in deviations)"},
    "places": [{"name": film, "at": [round(float(at), 3) for at in place.loc[film, ["first", "second"]]],
                "near": [[int(n), round(float(value), 3)] for n, value in zip(numbers_of[k], values[k])]}
               for k, film in enumerate(best)],
    "start": 1,
}
