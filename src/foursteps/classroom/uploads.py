"""Uploads from a learning platform into `class/submitted/`: planned first, then placed, and taken back again.

Of two notebooks for one exercise the later counts. What was there before goes to `class/earlier/`, and
nothing is deleted.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from time import time_ns
from typing import Any

from foursteps import atomic
from foursteps import notebook as nb
from foursteps.classroom.names import (
    NO_FILE,
    Directory,
    Whose,
    exercise_called,
    is_notebook,
    whose,
)
from foursteps.classroom.pieces import Piece, Pieces
from foursteps.classroom.roster import members
from foursteps.classroom.settings import read_settings, utc
from foursteps.course import Course, Topic
from foursteps.errors import ClassError
from foursteps.grade.batch import the_only_one
from foursteps.grade.gradebook import released
from foursteps.grade.intake import MAX_BYTES, TIMESTAMP, USUAL

TIME = "%Y-%m-%d %H:%M:%S UTC"
BIGGEST = 2 * MAX_BYTES
"""Bytes of one learner's upload; a run gets less of it, and says so."""


@dataclass
class Upload:
    """What one learner uploaded for a topic.

    files : what goes where in the submission. at : UTC, where a name says it. state : new, changed,
    unchanged, or older than what is there. said : sentences for the instructor.
    """

    learner: str
    files: dict[str, Piece] = field(default_factory=dict)
    at: datetime | None = None
    state: str = "new"
    said: list[str] = field(default_factory=list)
    folder: str = ""


@dataclass(frozen=True)
class Plan:
    """What collecting would do: each learner's upload, what is nobody's and why, and who sent nothing."""

    topic: str
    uploads: tuple[Upload, ...]
    unmatched: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]


def collect(course: Course, topic: Topic, sources: Iterable[Path], *, dry_run: bool = False) -> Plan:
    """Take in what learners uploaded for `topic`, from downloads of any learning platform.

    sources : folders, zip archives, or single files. dry_run : only plan.

    Raises ClassError when nobody is in the class or a source is missing, and GradeError while the class is
    being graded.
    """
    learners = members(course)
    if not learners:
        raise ClassError(
            "the class's gradebook",
            expected="members",
            found="nobody",
            mend="Enter the class list first: `foursteps class roster LIST.csv`.",
        )
    with Pieces(tuple(sources)) as pieces:
        directory = Directory(learners)
        plan = _plan(course, topic, pieces, directory)
        if not dry_run:
            with the_only_one(course):
                _place(course, topic, plan)
    return plan


def undo(course: Course) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Take the last collecting back: its topic, whose submissions are as before, and whose were left alone.

    A submission that somebody has changed since is left as it is. Raises ClassError when nothing was
    collected.
    """
    with the_only_one(course):
        last = max(_journals(course).glob("*.json"), default=None)
        if last is None:
            raise ClassError(
                _journals(course), expected="a collecting to take back", found="none", mend="Nothing to do."
            )
        said = json.loads(last.read_text("utf-8"))
        done, left = [], []
        for learner, record in said["learners"].items():
            folder = course.workspace / "submitted" / learner / said["topic"]
            earlier = _earlier(course, last.stem, learner, said["topic"])
            if not folder.is_dir() or _digest(_read(folder)) != record["digest"]:
                left.append(learner)
                continue
            _move(folder, _earlier(course, f"{last.stem}-undone", learner, said["topic"]))
            if record["replaced"] and earlier.is_dir():
                _move(earlier, folder)
            elif not any(folder.parent.iterdir()):
                folder.parent.rmdir()
            done.append(learner)
        last.rename(last.with_suffix(".undone"))
    return said["topic"], tuple(done), tuple(left)


def _plan(course: Course, topic: Topic, pieces: Pieces, directory: Directory) -> Plan:
    names = tuple(topic.exercises)
    uploads: dict[str, Upload] = {}
    chosen: dict[tuple[str, str], tuple[tuple, Piece, Whose]] = {}
    came: dict[tuple[str, str], int] = {}
    unmatched: dict[str, str] = {}
    zone = read_settings(course).zone
    cells = {name: set(nb.graded_cells(notebook)) for name, notebook in released(topic).items()}
    for piece in pieces:
        found = whose(piece.path, directory, topic.name, names)
        if not found.learner:
            unmatched.setdefault(_top(piece.path, found), found.reason)
            continue
        upload = uploads.setdefault(found.learner, Upload(found.learner))
        upload.folder = upload.folder or _platform_folder(piece.path, found)
        late = "The platform calls it late; a time that it does not say costs nothing."
        if found.said.late and found.said.at is None and late not in upload.said:
            upload.said.append(late)
        at = utc(found.said.at, zone) if found.said.at else None
        file = found.said.file
        if is_notebook(file):
            exercise = exercise_called(file, names) or _by_content(piece, cells)
            if not exercise:
                upload.said.append(
                    f"{PurePosixPath(file).name} is none of {', '.join(names)}; it was left out."
                )
                continue
            target = f"{exercise}.ipynb"
        else:
            target = _own_path(file)
            if not target:
                continue
        order = (at or datetime.min, *(_padded(found.said.order)), piece.changed)
        before = chosen.get((found.learner, target))
        if target.endswith(".ipynb"):
            came[found.learner, target] = came.get((found.learner, target), 0) + 1
        if before is None or order > before[0]:
            chosen[found.learner, target] = (order, piece, found)
    homes: dict[str, set[str]] = {}
    for (learner, target), (_, _, found) in chosen.items():
        if target.endswith(".ipynb"):
            homes.setdefault(learner, set()).add(PurePosixPath(_own_path(found.said.file)).parent.as_posix())
    for (learner, target), ((at, *_), piece, _) in chosen.items():
        upload, home = uploads[learner], homes.get(learner, set())
        # Who zips a folder hands in what is in it: own files go beside the notebook, as they were.
        inside = target.removeprefix(f"{next(iter(home))}/") if len(home) == 1 else target
        upload.files[inside] = piece
        if target.endswith(".ipynb") and at > (upload.at or datetime.min):
            upload.at = at
    for (learner, target), times in came.items():
        if times > 1:
            name = chosen[learner, target][1].path.name
            uploads[learner].said.append(f"{target} came {times} times: {name} is the latest and counts.")
    for learner in [name for name, upload in uploads.items() if not upload.files and not upload.said]:
        del uploads[learner]
    for upload in uploads.values():
        _compare(course, topic, upload)
    unmatched |= dict(pieces.left_out)
    handed_in = {upload.learner for upload in uploads.values() if upload.files}
    there = course.workspace / "submitted"
    missing = [
        learner.id
        for learner in directory.learners
        if learner.id not in handed_in and not (there / learner.id / topic.name).is_dir()
    ]
    ordered = tuple(uploads[name] for name in sorted(uploads))
    return Plan(topic.name, ordered, tuple(unmatched.items()), tuple(missing))


def _compare(course: Course, topic: Topic, upload: Upload) -> None:
    """Say how an upload stands to what is there."""
    folder = course.workspace / "submitted" / upload.learner / topic.name
    if not upload.files:
        upload.state = "nothing taken"
        return
    if sum(piece.size for piece in upload.files.values()) > BIGGEST:
        upload.said.append(f"It holds more than {BIGGEST / 2**20:g} MB and was left out.")
        upload.files, upload.state = {}, "nothing taken"
        return
    if not folder.is_dir():
        return
    before = _time_of(folder)
    if before and upload.at and upload.at < before:
        upload.state = "older"
        upload.said.append(f"What is there is of {before:%Y-%m-%d %H:%M} UTC and later; it stays.")
        return
    there = _read(folder)
    merged = _merged(there, upload)
    if upload.files:
        upload.state = "unchanged" if _digest(there) == _digest(merged) else "changed"


def _place(course: Course, topic: Topic, plan: Plan) -> None:
    """Put the planned submissions where they belong; the journal is written first."""
    wanted = [upload for upload in plan.uploads if upload.state in ("new", "changed")]
    name = str(time_ns())
    contents: dict[str, dict[str, bytes]] = {}
    for upload in wanted:
        folder = course.workspace / "submitted" / upload.learner / topic.name
        contents[upload.learner] = _merged(_read(folder), upload)
    wanted = [upload for upload in wanted if upload.files]
    record: dict[str, Any] = {
        upload.learner: {
            "digest": _digest(contents[upload.learner]),
            "replaced": upload.state == "changed",
            "folder": upload.folder,
        }
        for upload in wanted
    }
    if not record:
        return
    journal = json.dumps({"topic": topic.name, "learners": record})
    atomic.write_text(_journals(course) / f"{name}.json", journal, mode=0o600)
    for upload in wanted:
        folder = course.workspace / "submitted" / upload.learner / topic.name
        with atomic.folder(folder) as beside:
            for inside, content in contents[upload.learner].items():
                target = beside / inside
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
            if folder.is_dir():
                earlier = _earlier(course, name, upload.learner, topic.name)
                shutil.copytree(folder, earlier, symlinks=True)


def _merged(there: dict[str, bytes], upload: Upload) -> dict[str, bytes]:
    """The submission as it will be: what was uploaded over what is there; as it is where that fails."""
    try:
        merged = {**there, **{inside: piece.read() for inside, piece in upload.files.items()}}
    except Exception as error:  # a damaged or locked archive: whatever is wrong, the others are taken
        upload.said.append(f"It could not be unpacked ({error}) and was left out.")
        upload.files, upload.state = {}, "nothing taken"
        return there
    if upload.at:
        merged[TIMESTAMP] = upload.at.strftime(TIME).encode()
    else:
        merged.pop(TIMESTAMP, None)  # of the earlier one
    return merged


def _read(folder: Path) -> dict[str, bytes]:
    """The plain files of a submission, by path."""
    if not folder.is_dir():
        return {}
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def _digest(files: dict[str, bytes]) -> str:
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(name.encode("utf-8", "surrogateescape") + b"\0")
        total.update(hashlib.sha256(files[name]).digest())
    return total.hexdigest()


def _time_of(folder: Path) -> datetime | None:
    try:
        found = USUAL.fullmatch((folder / TIMESTAMP).read_text("utf-8").strip())
        return datetime.fromisoformat(found[1]) if found else None
    except (OSError, ValueError):
        return None


def _by_content(piece: Piece, cells: dict[str, set[str]]) -> str:
    """The exercise whose graded cells a notebook has most of; empty when it has none."""
    if piece.size > nb.MAX_BYTES:
        return ""
    try:
        raw = json.loads(piece.read())
        ids = {cell["metadata"]["nbgrader"]["grade_id"] for cell in raw["cells"] if _has_id(cell)}
    except Exception:  # whatever a learner uploaded: it is no notebook
        return ""
    shared = {name: len(ids & wanted) for name, wanted in cells.items()}
    most = max(shared.values(), default=0)
    best = [name for name, number in shared.items() if number == most]
    return best[0] if most and len(best) == 1 else ""


def _has_id(cell: Any) -> bool:
    return isinstance(cell.get("metadata", {}).get("nbgrader", {}).get("grade_id"), str)


def _own_path(file: str) -> str:
    """Where a learner's own file goes in the submission; empty for what is no file of theirs."""
    parts = [part for part in PurePosixPath(file).parts if part not in ("/", ".", "..")]
    while parts and parts[0].lower().endswith(".zip"):
        parts = parts[1:]
    if not parts or parts[-1] in NO_FILE or any(part.startswith(".") for part in parts):
        return ""
    return "/".join(parts)


def _top(path: PurePosixPath, found: Whose) -> str:
    """What to name an unmatched file by: the part that its platform named, so that a folder is said once."""
    parts = [part for part in path.parts if found.said.who and found.said.who[0] in part]
    return parts[0] if parts else str(path)


def _platform_folder(path: PurePosixPath, found: Whose) -> str:
    """Moodle's folder of a learner, under which it takes feedback back; empty for other platforms."""
    if found.said.platform != "Moodle":
        return ""
    part = next(part for part in path.parts if "_assignsubmission_" in part)
    return part[: part.index("_assignsubmission_")] + "_assignsubmission_file_"


def _padded(order: tuple[int, ...]) -> tuple[int, ...]:
    return (*order, 0, 0, 0)[:3]


def _journals(course: Course) -> Path:
    return course.workspace / "collected"


def _earlier(course: Course, name: str, learner: str, topic: str) -> Path:
    return course.workspace / "earlier" / name / learner / topic


def _move(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    source.rename(target)
