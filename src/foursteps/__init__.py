"""foursteps: watch a lecture, run it, reproduce its result, apply it elsewhere.

In a notebook: `from foursteps import check, hint`.
"""

from importlib.metadata import version

from foursteps.checks.session import check, hint

__all__ = ["__version__", "check", "hint"]
__version__ = version("foursteps")
