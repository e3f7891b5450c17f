"""Where a benchmark's tables go: between its own marks in a page of Markdown."""

from pathlib import Path


def put(path: Path, name: str, text: str) -> None:
    """Put `text` between the marks of the benchmark `name` in `path`; at its end where it has none."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    whole = path.read_text("utf-8") if path.is_file() else "# Benchmarks\n"
    if begin not in whole:
        whole = f"{whole.rstrip()}\n\n{begin}\n{end}\n"
    before, rest = whole.split(begin, 1)
    path.write_text(f"{before}{begin}\n{text}\n{end}{rest.split(end, 1)[1]}", "utf-8")
