"""Where in its picture a digit lies: moved off the middle, as on a form, and brought back. Pure."""

# No run depends on this module: rows have a checksum, a baseline is in its dataset's version.

import numpy as np

OFF_CENTRE = 4
"""Pixels. MNIST's digits fill a box of 20 x 20 in the middle of 28 x 28: that far, few lose any ink."""
INK = 51
"""A pixel above this, of 255, is ink."""


def moved(images: np.ndarray, moves: np.ndarray) -> np.ndarray:
    """Images uint8 (n, height, width), each moved (n, 2) pixels down and right, with black coming in."""
    far = int(np.abs(moves).max(initial=0))
    framed = np.pad(images, ((0, 0), (far, far), (far, far)))
    height, width = images.shape[1:]
    return np.stack(
        [
            image[top : top + height, left : left + width]
            for image, (top, left) in zip(framed, far - moves, strict=True)
        ]
    )


def off_centre(images: np.ndarray) -> np.ndarray:
    """Images (n, height, width), each up to OFF_CENTRE pixels further down or up, and right or left.

    The moves are drawn once, from a seed of their own: a row always lies where it lies.
    """
    rng = np.random.default_rng(28)
    return moved(images, rng.integers(-OFF_CENTRE, OFF_CENTRE + 1, (len(images), 2)))


def centred(images: np.ndarray) -> np.ndarray:
    """Images (n, height, width), each moved so that the box around its ink lies in the middle."""

    def off(ink: np.ndarray) -> int:
        places = np.flatnonzero(ink)
        return (len(ink) - 1) // 2 - int(places[0] + places[-1]) // 2 if len(places) else 0

    inked = images > INK
    return moved(images, np.array([[off(ink.any(1)), off(ink.any(0))] for ink in inked]))
