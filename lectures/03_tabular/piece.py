# ruff: noqa: F821  (runs after the lecture's last cell and uses its names)
"""Try it: price a stone

Both models price a stone of the cut *Ideal* and the colour G, whose size fits its weight. Move the weight
across one carat, and watch which of the two jumps. Then look where the training rows had few stones: which of
the two would you trust there?
"""

# One stone, of the best cut and a middle colour, and only its weight and its clarity change.
weights = np.round(np.arange(0.3, 2.31, 0.02), 2)
size = {side: (train[side] / train["carat"] ** (1 / 3)).median() for side in ("x", "y", "z")}
columns = {"network": [], "boosting": [], "like_it": [], "median": []}
for grade in grades:
    asked_stones = pd.DataFrame({"carat": weights, "cut": "Ideal", "color": "G", "clarity": grade,
                                 "depth": train["depth"].median(), "table": train["table"].median()})
    for side, ratio in size.items():
        asked_stones[side] = ratio * weights ** (1 / 3)
    columns["network"].append(priced(learn, asked_stones).round(0).tolist())
    columns["boosting"].append(np.exp(trees.predict(typed(asked_stones))).round(0).tolist())
    alike = train[train["clarity"] == grade]
    near = [alike.loc[(alike["carat"] - weight).abs() <= 0.02, "price"] for weight in weights]
    columns["like_it"].append([len(prices) for prices in near])
    columns["median"].append([float(prices.median()) if len(prices) else None for prices in near])

piece = {
    "kind": "curves",
    "before": "## 10. The result, stated",
    "alt": "The price of a stone against its weight from 0.3 to 2.3 carat, by the network and by gradient "
           "boosting, for one grade of clarity: one line bends smoothly, the other climbs in steps.",
    "x": weights.tolist(),
    "x_digits": 2,
    "across": {"label": "weight, carat"},
    "up": {"label": "price, dollars", "log": True},
    "choose": "clarity, worst to best",
    "options": grades,
    "ordered": True,
    "start": [4, 35],
    "columns": {name: {"values": rows, "digits": 0, "drawn": name in ("network", "boosting")}
                for name, rows in columns.items()},
    "says": "{x} carat, clarity {option}: the network says {network} dollars, boosting {boosting}. "
            "Training stones of this clarity within 0.02 carat: {like_it}, median price {median} dollars.",
}
