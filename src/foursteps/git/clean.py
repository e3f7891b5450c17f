"""A notebook as it is committed: without outputs, execution counts and what a run leaves in metadata.

git runs this file for each notebook that it looks at, a notebook on standard input, the same one on standard
output; pre-commit runs it with the names of files, which it rewrites in place. It needs the standard library
alone and imports nothing of the kit, because git waits for it.
"""

import json
import os
import sys
import tempfile
from collections.abc import Sequence

OF_A_RUN = ("execution", "ExecuteTime", "papermill", "collapsed", "scrolled")
"""Metadata of a cell that says how it last ran or was looked at."""


def cleaned(data: bytes) -> bytes:
    """The notebook `data` as it is committed, in the form that `foursteps.notebook.write` writes.

    Bytes that are no notebook of format 4 come back as they are, since git must lose nothing.
    """
    try:
        notebook = json.loads(data.decode("utf-8"))
        cells = notebook["cells"]
        for cell in cells:
            for name in OF_A_RUN:
                cell.get("metadata", {}).pop(name, None)
            if cell["cell_type"] == "code":
                cell["outputs"], cell["execution_count"] = [], None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return data
    for name in ("papermill", "widgets"):
        notebook.get("metadata", {}).pop(name, None)
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True, separators=(",", ": "))
    return (text + "\n").encode("utf-8", "surrogatepass")


def main(paths: Sequence[str]) -> int:
    """Clean standard input to standard output, or the files at `paths`, where 1 says that one was changed."""
    if not paths:
        sys.stdout.buffer.write(cleaned(sys.stdin.buffer.read()))
        return 0
    changed = 0
    for path in paths:
        with open(path, "rb") as file:
            before = file.read()
        after = cleaned(before)
        if after == before:
            continue
        changed = 1
        print(f"{path}: outputs taken out; add it again")
        handle, beside = tempfile.mkstemp(dir=os.path.dirname(path) or ".")
        with os.fdopen(handle, "wb") as file:
            file.write(after)
        os.chmod(beside, os.stat(path).st_mode)
        os.replace(beside, path)
    return changed


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
