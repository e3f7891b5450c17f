"""The notebooks that nbgrader itself brings, graded by stock nbgrader and by foursteps, row by row.

    python tests/conformance.py            # prints the table
    python tests/conformance.py --write    # puts it into docs/nbgrader-differences.md

Both sides start from copies of one folder that nbgrader released. Stock grades with its own Autograde, one
learner at a time, so that one that it stops at does not hide the others.
"""

import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import nbgrader
from plain_course import TRAPS, source

from foursteps.grade.batch import quiet
from foursteps.grade.nbgrader_setup import log, told_by
from foursteps.grade.plain import PlainCourse, grade_plain
from foursteps.grade.plain.points import as_number
from foursteps.grade.walls import sandbox_for
from foursteps.run.warm import WarmRunner

NBGRADER = Path(nbgrader.__file__).parent
GUIDE = NBGRADER / "docs" / "source" / "user_guide"
SUITE = NBGRADER / "tests"
DOCS = Path(__file__).parents[1] / "docs" / "nbgrader-differences.md"
MARKS = ("<!-- conformance: begin -->", "<!-- conformance: end -->")
CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "conformance"
c.Execute.timeout = 10
c.Execute.shutdown_kernel = "immediate"
"""
LEFT_OUT = {
    "infinite-loop-with-output.ipynb": "nbgrader's own suite skips it: it takes all the memory there is",
}
SOURCES = {
    "submitted": "apps/files/submitted-unchanged.ipynb",
    "squares": "apps/files/test.ipynb",
    "hidden": "apps/files/test-hidden-tests.ipynb",
    "task": "preprocessors/files/test_taskcell.ipynb",
    "by-hand": "preprocessors/files/manually-graded-code-cell.ipynb",
    "relative": "apps/files/open_relative_file.ipynb",
    "variable": "apps/files/validating-environment-variable.ipynb",
    "no-points": "apps/files/validation-zero-points.ipynb",
    "slow": "apps/files/timeout.ipynb",
    "autotest-simple": "apps/files/autotest-simple.ipynb",
    "autotest-hashed": "apps/files/autotest-hashed.ipynb",
    "autotest-hidden": "apps/files/autotest-hidden.ipynb",
    "autotest-multi": "apps/files/autotest-multi.ipynb",
}
FAMILIES = ("submitted", "squares")
"""Sources to which every notebook of the suite that shares a cell with them is handed in."""

Row = tuple[str, str, str, str]
"""Assignment, learner, notebook, cell."""


@dataclass
class Case:
    """An assignment: its notebooks, the files beside them, and what learners hand in, by learner and name."""

    assignment: str
    sources: dict[str, Path | dict]
    files: tuple[Path, ...] = ()
    submissions: dict[str, dict[str, Path | dict | bytes | None]] = field(default_factory=dict)


def cases() -> list[Case]:
    """Everything that nbgrader's installed suite and its quickstart course have, and our own traps."""
    suite = {_label(path): path for path in _distinct(sorted(SUITE.rglob("*.ipynb")))}
    used: set[str] = set()
    found = []
    for name, place in SOURCES.items():
        path = SUITE / place
        beside = (SUITE / "apps/files/data.txt",) if name == "relative" else ()
        case = Case(name, {"p1": path}, beside, {"stub": {"p1": None}, "solution": {"p1": path}})
        wanted = _ids(path)
        for label, other in suite.items():
            related = name in FAMILIES or label.startswith(f"apps-{name}-")
            if other != path and related and wanted & _ids(other):
                case.submissions[label] = {"p1": other}
                used.add(label)
        used.add(_label(path))
        found.append(case)
    rest = {k: p for k, p in suite.items() if k not in used and p.name not in LEFT_OUT}
    plain = {label: path for label, path in rest.items() if not _ids(path) and not _has_regions(path)}
    odd = Case("odd", {"p1": SUITE / SOURCES["squares"]})
    odd.submissions = {label: {"p1": path} for label, path in rest.items() if label not in plain}
    found += [odd, Case("ungraded", dict(plain), (), {"all": dict(plain)})]
    found += _quickstart()
    return [*found, _traps()]


def _quickstart() -> Iterator[Case]:
    for name in ("ps1", "ps1_autotest"):
        folder = GUIDE / "source" / name
        sources = {path.stem: path for path in sorted(folder.glob("*.ipynb"))}
        handed = {"stub": dict.fromkeys(sources), "solution": dict(sources)}
        if name == "ps1":
            for learner in ("bitdiddle", "hacker"):
                place = GUIDE / "submitted" / learner / "ps1"
                handed[learner] = {path.stem: path for path in sorted(place.glob("*.ipynb"))}
        yield Case(f"quickstart-{name}", sources, (folder / "jupyter.png",), handed)


def _traps() -> Case:
    return Case("traps", {"p1": source()}, (), {name: {"p1": change} for name, change in TRAPS.items()})


def _label(path: Path) -> str:
    return f"{path.relative_to(SUITE).parts[0]}-{path.stem}"


def _ids(path: Path) -> set[str]:
    cells = json.loads(path.read_text("utf-8")).get("cells", [])
    return {meta.get("grade_id") or "" for c in cells if (meta := c.get("metadata", {}).get("nbgrader"))}


def _has_regions(path: Path) -> bool:
    """Whether it says where an answer or a test begins: nbgrader releases none such without grade ids."""
    text = path.read_text("utf-8")
    return any(mark in text for mark in ("### BEGIN ", "### AUTOTEST", "### HASHED AUTOTEST"))


def _distinct(paths: list[Path]) -> Iterator[Path]:
    """The first of the notebooks that have the same cells."""
    seen = set()
    for path in paths:
        cells = json.loads(path.read_text("utf-8")).get("cells", [])
        what = [(cell.get("cell_type"), cell.get("source"), cell.get("metadata")) for cell in cells]
        digest = hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()
        if digest not in seen:
            seen.add(digest)
            yield path


def build(root: Path, wanted: list[Case]) -> None:
    """Write the course, release it with nbgrader, and hand everything in."""
    from plain_course import release

    root.mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(CONFIG, "utf-8")
    shutil.copy(SUITE / "apps/files/autotests.yml", root)
    for case in wanted:
        folder = root / "source" / case.assignment
        folder.mkdir(parents=True)
        for name, notebook in case.sources.items():
            _put(notebook, folder / f"{name}.ipynb")
        for path in case.files:
            shutil.copy(path, folder)
        release(root, case.assignment)
        for learner, notebooks in case.submissions.items():
            place = root / "submitted" / learner / case.assignment
            place.mkdir(parents=True)
            for path in case.files:
                shutil.copy(path, place)
            for name, notebook in notebooks.items():
                released = root / "release" / case.assignment / f"{name}.ipynb"
                if callable(notebook):
                    notebook = notebook(nbformat.read(released, as_version=4))
                    if notebook is None:
                        continue
                _put(released if notebook is None else notebook, place / f"{name}.ipynb")


def _put(notebook: Path | dict | bytes, path: Path) -> None:
    if isinstance(notebook, Path):
        shutil.copyfile(notebook, path)
    elif isinstance(notebook, bytes):
        path.write_bytes(notebook)
    else:
        path.write_text(json.dumps(notebook), "utf-8")


def grade_stock(root: Path, wanted: list[Case]) -> dict[tuple[str, str], str]:
    """Grade with nbgrader as it is; what it said where it stopped, by assignment and learner."""
    from nbgrader.converters import Autograde

    from foursteps.errors import GradeError

    course = PlainCourse.load(root)
    stopped = {}
    for case in wanted:
        for learner in case.submissions:
            try:
                with quiet(), told_by(log, root):
                    Autograde(
                        coursedir=course.directory(case.assignment, learner), parent=course.app, force=True
                    ).start()
            except GradeError as error:
                stopped[case.assignment, learner] = error.found
    return stopped


def marks(root: Path, wanted: list[Case]) -> dict[Row, tuple[float | None, bool]]:
    """The gradebook: automatic score and whether a person is waited for, by row."""
    found: dict[Row, tuple[float | None, bool]] = {}
    with quiet(), PlainCourse.load(root).gradebook() as gradebook:
        for case in wanted:
            for submission in gradebook.assignment_submissions(case.assignment):
                for notebook in submission.notebooks:
                    for grade in notebook.grades:
                        row = (case.assignment, submission.student.id, notebook.name, grade.name)
                        found[row] = (grade.auto_score, bool(grade.needs_manual_grade))
    return found


WHY = {
    "value": "a value that is a number, or False, and counts as one",
    "above": "a value above the maximum is the maximum, or nothing when it is infinite",
    "warning": "a warning is no error",
    "repeated": "a cell that is there twice is repaired",
    "missing": "a missing test is put back and run",
    "edited": "nbgrader's data of a cell are put back",
    "type": "a cell of another type is what it was again",
    "unreadable": "a file that is no notebook is graded as the untouched exercise",
    "dead": "a dead kernel costs only what came after it",
    "skipped": "a tag cannot keep a test from running",
    "absent": "a learner without a notebook gets a row of zeros",
}
STOPS = {
    "partial credit cannot be greater": "above",
    "DeadKernelError": "dead",
    "Kernel died": "dead",
    "No notebooks were matched": "absent",
    "'id' is a required property": "type",
    "NotJSONError": "unreadable",
    "UnicodeDecodeError": "unreadable",
}


@dataclass(frozen=True)
class Compared:
    """One notebook of one learner: how many rows there are, how many alike, and why others are not."""

    assignment: str
    learner: str
    notebook: str
    rows: int
    alike: int
    stock: str
    ours: str
    why: tuple[str, ...]


def compare(stock: Path, ours: Path, wanted: list[Case], stopped: dict) -> list[Compared]:
    """Hold both gradebooks against each other. A difference without a reason has the reason `unexplained`."""
    left, right = marks(stock, wanted), marks(ours, wanted)
    found = []
    for case in wanted:
        for learner in case.submissions:
            for name in case.sources:
                rows = [row for row in {**left, **right} if row[:3] == (case.assignment, learner, name)]
                lost = stopped.get((case.assignment, learner), "")
                differ = [row for row in rows if lost or left.get(row) != right.get(row)]
                why = [_why(row, stock, ours, lost) for row in differ]
                found.append(
                    Compared(
                        case.assignment,
                        learner,
                        name,
                        len(rows),
                        len(rows) - len(differ),
                        "not graded" if lost else _total(left, rows),
                        _total(right, rows),
                        tuple(dict.fromkeys(why)),
                    )
                )
    return found


def _total(marks: dict, rows: list[Row]) -> str:
    known = [marks[row] for row in rows if row in marks]
    waits = sum(waiting for _, waiting in known)
    points = sum(score or 0.0 for score, _ in known)
    return f"{points:g}" + (f", {waits} by hand" if waits else "") if len(known) == len(rows) else "no row"


def _why(row: Row, stock: Path, ours: Path, stopped: str) -> str:
    """The reason for one row's difference, from what both sides left behind."""
    assignment, learner, name, cell = row
    graded = ours / "autograded" / learner / assignment / f"{name}.ipynb"
    said = nbformat.read(graded, as_version=4).metadata.get("foursteps", {}) if graded.is_file() else {}
    notes = said.get("repairs", [])
    if not graded.is_file():
        return "absent" if "No notebooks were matched" in stopped else "unexplained"
    if stopped:
        for words, reason in STOPS.items():
            if words in stopped:
                return reason
        if any("could not be read" in note for note in notes):
            return "unreadable"
        if any(" times" in note for note in notes):
            return "repeated"
        return "edited" if notes or said else "unexplained"
    if any(f"`{cell}` was missing" in note for note in notes):
        return "missing"
    if any("nbgrader data" in note for note in notes):
        return "edited"
    path = stock / "autograded" / learner / assignment / f"{name}.ipynb"
    if not path.is_file():
        return "unexplained"
    ran = next((c for c in nbformat.read(path, as_version=4).cells if _id(c) == cell), None)
    if ran is None:
        return "missing" if notes else "unexplained"
    if "skip-execution" in ran.metadata.get("tags", []):
        return "skipped"
    outputs = ran.get("outputs", [])
    if any(o.output_type == "stream" and o.name == "stderr" for o in outputs):
        return "warning"
    values = [o.data.get("text/plain", "") for o in outputs if o.output_type == "execute_result"]
    return "value" if values and as_number(values[0]) is not None else "unexplained"


def _id(cell: dict) -> str | None:
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def table(found: list[Compared]) -> str:
    """The comparison in Markdown."""
    rows = sum(each.rows for each in found)
    alike = sum(each.alike for each in found)
    lines = [
        f"nbgrader {nbgrader.__version__}: {len(found)} notebooks handed in, {rows} rows of the gradebook, "
        f"{alike} alike, {rows - alike} with a reason.",
        "",
        "| assignment | handed in | rows | alike | nbgrader | foursteps | because |",
        "|---|---|---:|---:|---|---|---|",
    ]
    for each in found:
        handed = each.learner if each.notebook == "p1" else f"{each.learner}, {each.notebook}"
        because = "; ".join(WHY.get(reason, reason) for reason in each.why)
        cells = (each.assignment, handed, each.rows, each.alike, each.stock, each.ours, because)
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)


def compared(folder: Path, wanted: list[Case] | None = None) -> list[Compared]:
    """Build, grade on both sides, compare."""
    wanted = cases() if wanted is None else wanted
    stock, ours = folder / "stock", folder / "ours"
    build(stock, wanted)
    shutil.copytree(stock, ours)
    stopped = grade_stock(stock, wanted)
    modules, sandbox = ("numpy", "torch"), sandbox_for("best")
    with WarmRunner(preload=modules, sandbox=sandbox, stop_on_error=False) as runner:
        for case in wanted:
            grade_plain(ours, case.assignment, runner=runner)
    return compare(stock, ours, wanted, stopped)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        text = table(compared(Path(folder) / "course"))
    if "--write" not in sys.argv:
        print(text)
        return
    page = DOCS.read_text("utf-8")
    before, _, rest = page.partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    DOCS.write_text(f"{before}{MARKS[0]}\n{text}\n{MARKS[1]}{after}", "utf-8")


if __name__ == "__main__":
    main()
