# ruff: noqa: F821  (runs after the lecture's last cell and uses its names)
"""Try it: turn the learning rate

The same fifty steps of `descend` over all training rows, at many learning rates. Move the rate first, and
look at the shape of the curve: crawling, steady, zigzag, leaping. Then go through the steps one by one. Find
the largest rate whose curve still falls at every step; is it also the one that ends lowest?
"""

# The lecture's own descend(), at many more rates than the four of its plot.
many = [10 ** (power / 6) for power in range(-12, 13)]
losses_of = [descend(rate) for rate in many]

piece = {
    "kind": "curves",
    "before": "## 8. A few rows at a time",
    "alt": "The loss after each of fifty steps of gradient descent, one curve a learning rate. Small rates "
           "fall slowly, middle ones fast, and the largest leap up and down far above where they began.",
    "x": list(range(len(losses_of[0]))),
    "across": {"label": "steps taken"},
    "up": {"label": "loss on the training rows", "log": True},
    "choose": "learning rate",
    "options": [f"{rate:.2g}" for rate in many],
    "ordered": True,
    "start": [6, 10],
    "columns": {
        "loss": {"values": [[round(loss, 5) for loss in curve] for curve in losses_of],
                 "digits": 3, "significant": True},
        "lowest": {"values": [[round(min(curve[: step + 1]), 5) for step in range(len(curve))]
                              for curve in losses_of], "digits": 3, "significant": True, "drawn": False},
    },
    "says": "Learning rate {option}, after {x} steps: the loss is {loss}; the lowest so far was {lowest}.",
}
