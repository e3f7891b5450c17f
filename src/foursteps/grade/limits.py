"""Which limits a run met without being ended by them, from the errors its cells raised. Pure.

A limit on memory, files, processes or the network ends no run: it reaches the learner's code as an exception,
whose words few people know.
"""

import re
from collections.abc import Iterable

from foursteps import notebook as nbs
from foursteps.run import RunResult

MET = (
    (r"MemoryError\b|Errno 12\b|can't allocate memory|not enough memory", "memory"),
    (r"Errno 28\b|Errno 27\b|Errno 122\b", "scratch"),
    (r"Errno 24\b", "files"),
    (r"BlockingIOError\b|can't start new thread|Resource temporarily unavailable", "processes"),
    (r"gaierror\b|Errno 101\b|Errno -[23]\b|ConnectionRefusedError|URLError|NameResolutionError", "network"),
)
"""What an error says, and the limit that is behind it."""


def limits_met(result: RunResult) -> list[str]:
    """A sentence for each limit that the cells' errors tell of, each once, in the order of MET."""
    errors = list(_errors(result))
    met = [limit for words, limit in MET if any(re.search(words, error) for error in errors)]
    return [_sentence(limit, getattr(result, "resources", None)) for limit in met]


def _errors(result: RunResult) -> Iterable[str]:
    for cell in nbs.code_cells(result.notebook):
        for output in cell.get("outputs", []):
            if output.get("output_type") == "error":
                yield f"{output.get('ename')}: {output.get('evalue')}"[:2000]
    for error in getattr(result, "failed", ()):  # an error that was kept from showing
        yield f"{error.name}: {error.value}"[:2000]


def _sentence(limit: str, resources: object) -> str:
    def most(name: str) -> str:
        value = getattr(resources, name, None)
        return f" of {value:g}" if value is not None else ""

    return {
        "memory": f"The notebook asked for more memory than its limit{most('memory_mb')} MB.",
        "scratch": f"The notebook wrote more than its limit{most('scratch_mb')} MB of files.",
        "files": f"The notebook opened more files at a time than its limit{most('open_files')}.",
        "processes": f"The notebook started more processes and threads than its limit{most('processes')}.",
        "network": "There is no network while a notebook is graded.",
    }[limit]
