"""nbdime as git calls it: `diff`, `merge`, `difftool` or `mergetool`, and then what git says.

A file of its own, run by its path, so that git finds it without an activated environment.
"""

import importlib
import sys

MODULES = {"diff": "diffdriver", "merge": "mergedriver", "difftool": "difftool", "mergetool": "mergetool"}


def main(what: str, *given: str) -> int:
    """Run nbdime's own program for `what`; its exit code."""
    # Else jsonschema, which nbdime imports, builds a grammar of international addresses, for seconds.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    program = importlib.import_module(f"nbdime.vcs.git.{MODULES[what]}")
    return program.main([what.removesuffix("tool"), *given]) or 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
