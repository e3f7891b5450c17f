"""A formula in LaTeX as MathML, which browsers draw themselves: no script, no font, no network.

A screen reader can read it too. The converter is the one inside docutils.
"""

import re

from docutils.utils.math.latex2mathml import tex2mathml

SIZED = re.compile(r"\\([bB]igg?)(?![A-Za-z])")
"""`\\Big` and its like, of which docutils knows only those that name a side: `\\Bigl`."""


def to_mathml(tex: str, *, block: bool = False) -> str:
    """The LaTeX formula `tex` as a `<math>` element.

    block : displayed, on a line of its own.

    Raises docutils.utils.math.MathError for what it cannot read.
    """
    return tex2mathml(SIZED.sub(r"\\\1l", tex.strip()), as_block=block)
