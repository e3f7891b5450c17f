# ruff: noqa: F821  (runs after the lecture's last cell and uses its names)
"""Try it: pile up blocks

The gradient at each block of an untrained chain, for chains of other depths than the one above. Move the
depth: what happens to the *first* blocks of the plain chain, and what to those with a shortcut? Then walk
along a deep chain, block by block. With one learning rate for all blocks, which ones move too far?
"""

# The lecture's own gradients(), for chains of 3 to 25 blocks.
depths = list(range(3, 26, 2))
sizes_of = {"plain": [gradients(lambda n=count: chain(PlainBlock, n)) for count in depths],
            "residual": [gradients(lambda n=count: chain(ResBlock, n)) for count in depths]}


def filled(sizes):
    """One number a block of the deepest chain; none where this chain has no block."""
    return [float(f"{size:.4g}") for size in sizes] + [None] * (depths[-1] - len(sizes))


piece = {
    "kind": "curves",
    "before": "## 10. The block, taken apart",
    "alt": "The size of the gradient at each block, before training, for plain and for residual chains of 3 "
           "to 25 blocks: in plain chains it changes from block to block, in residual ones much less.",
    "x": list(range(1, depths[-1] + 1)),
    "across": {"label": "block"},
    "up": {"label": "size of the gradient", "log": True},
    "choose": "blocks in the chain",
    "options": [str(count) for count in depths],
    "ordered": True,
    "start": [6, 0],
    "columns": {name: {"values": [filled(sizes) for sizes in rows], "digits": 3, "significant": True}
                for name, rows in sizes_of.items()},
    "says": "A chain of {option} blocks, at block {x}: the gradient has size {plain} in the plain chain, "
            "{residual} in the residual one.",
}
