# ruff: noqa: B905, F821  (runs after the lecture's last cell and uses its names)
"""Try it: how sure is sure enough?

Suppose that one digit matters to you, and you want to be told of it only when the network gives it at least
some probability. Of the pictures it then reports, the share that is right is its **precision**; of the
pictures that show the digit, the share that it reports is its **recall**. Choose a digit and move the
threshold. Which of the two would you give up first if a wrong report were costly? And if a miss were? These
are the validation pictures: a threshold is a choice.
"""

# Not the highest score but a threshold: "it is an 8" when the network gives the 8 at least that much.
thresholds = np.arange(1, 100) / 100
given, shown = probabilities.numpy(), targets.numpy()  # of the validation pictures, from section 6
columns = {name: [] for name in ("precision", "recall", "found", "missed", "false_alarms")}
for place in range(len(dls.vocab)):
    said = given[:, place, None] >= thresholds  # (pictures, thresholds)
    is_one = (shown == place)[:, None]
    found, alarms = (said & is_one).sum(axis=0), (said & ~is_one).sum(axis=0)
    columns["found"].append(found.tolist())
    columns["missed"].append((is_one.sum() - found).tolist())
    columns["false_alarms"].append(alarms.tolist())
    columns["recall"].append((found / is_one.sum()).round(4).tolist())
    columns["precision"].append([round(hit / (hit + off), 4) if hit + off else None
                                 for hit, off in zip(found.tolist(), alarms.tolist())])

lowest = min(value for name in ("precision", "recall") for row in columns[name] for value in row if value)
piece = {
    "kind": "curves",
    "before": "## 7. The result, stated",
    "alt": "Precision and recall of one digit against the threshold, from 0.01 to 0.99, on the validation "
           "pictures: as the threshold rises, recall falls and precision tends to rise.",
    "x": thresholds.tolist(),
    "x_digits": 2,
    "across": {"label": "threshold", "low": 0, "high": 1},
    "up": {"label": "share of pictures", "low": np.floor(lowest * 10) / 10, "high": 1},
    "choose": "digit",
    "options": list(dls.vocab),
    "start": [8, 49],
    "columns": {name: {"values": rows, "digits": 3 if name in ("precision", "recall") else 0,
                       "drawn": name in ("precision", "recall")} for name, rows in columns.items()},
    "says": "Threshold {x}: {found} found, {missed} missed, {false_alarms} false alarms. "
            "Precision {precision}, recall {recall}.",
}
