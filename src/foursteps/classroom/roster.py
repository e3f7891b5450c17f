"""Who is in the class: read from a CSV file with every check, entered in the gradebook, read from there.

A list is taken whole or not at all, and whoever is in the gradebook already is never removed: their marks
would go with them.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from foursteps.course import Course
from foursteps.errors import ClassError
from foursteps.grade import table
from foursteps.grade.gradebook import db_url, open_gradebook

COLUMNS = {
    "id": (
        *("username", "user name", "login", "login id", "sis login id", "sis user id", "netid", "id"),
        *("user id", "userid", "learner", "student id", "id number", "student number", "orgdefinedid"),
    ),
    "first_name": ("first name", "firstname", "given name", "forename"),
    "last_name": ("last name", "lastname", "surname", "family name"),
    "name": ("name", "full name", "fullname", "student name", "student"),
    "email": ("email", "e mail", "email address", "mail"),
    "lms_id": ("lms id", "lms user id", "canvas id", "canvas user id", "moodle id", "identifier"),
}
"""What a column may be called, in the order in which a name is taken when a file has several of them."""
SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,99}")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
LONGEST = 120
"""Characters of a name: the gradebook's columns hold 128."""
MAX_BYTES = 10 * 2**20
MOST_TOLD = 8
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Learner:
    """A member of the class. `id` names their folder; `lms_id` is what a learning platform calls them."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_id: str = ""

    @property
    def name(self) -> str:
        """First and last name, or the id where there is none."""
        return " ".join(part for part in (self.first_name, self.last_name) if part) or self.id


@dataclass(frozen=True)
class Roster:
    """A list that was read: the learners, in its order, and sentences about how it was read."""

    learners: tuple[Learner, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entered:
    """What entering a roster changed: ids that are new, ids with other names now, and who is not on it."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    absent: tuple[str, ...]


def read_roster(path: Path) -> Roster:
    """Read a class list from a CSV file with a header, from a spreadsheet or any learning platform.

    UTF-8 (with or without a mark), UTF-16 with a mark, and otherwise Windows' Western European; commas,
    semicolons or tabs. Raises ClassError that names every line at fault.
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _unusable(path, error.strerror or "no file", "Check the path.") from None
    if len(data) > MAX_BYTES:
        raise _unusable(path, f"{len(data) / 2**20:.0f} MB", "Give a list of learners only.")
    text, notes = _decoded(path, data)
    return parse_roster(text, path, notes)


def parse_roster(text: str, where: object, notes: Sequence[str] = ()) -> Roster:
    """The learners in `text`, the content of a CSV file called `where`. Pure; raises ClassError."""
    lines = text.splitlines()
    header = next((line for line in lines if line.strip()), "")
    delimiter = max(",;\t", key=header.count)
    # Of line breaks inside quotes none is wanted: a name is one line.
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise _unusable(where, f"line {reader.line_num}: {error}", "Export the list again as CSV.") from None
    if not rows:
        raise _unusable(where, "nothing in it", "Export the list of learners as CSV, with a header.")
    columns = _columns([cell.strip() for cell in rows[0][1]], where)
    if "email" in columns and not any(_cell(row, columns["id"]) for _, row in rows[1:]):
        columns["id"] = columns["email"]
    problems: list[str] = []
    found: dict[str, tuple[int, Learner]] = {}
    notes = list(notes)
    for number, row in rows[1:]:
        cells = {name: _cell(row, at) for name, at in columns.items()}
        cells["id"] = cells["id"].removeprefix("#")  # Brightspace's guard against spreadsheets
        if len(row) > len(rows[0][1]) and any(cell.strip() for cell in row[len(rows[0][1]) :]):
            problems.append(f"line {number}: more cells than the header has")
            continue
        if _is_no_person(cells):
            notes.append(
                f"Line {number} is no learner ({cells.get('name') or cells['id']}); it was left out."
            )
            continue
        wrong = _wrong(cells)
        if wrong:
            problems.append(f"line {number}: {wrong}")
            continue
        learner = _learner(cells)
        earlier = found.get(learner.id.casefold())
        if earlier is None:
            found[learner.id.casefold()] = (number, learner)
        elif earlier[1] == learner:
            notes.append(f"Line {number} says the same as line {earlier[0]}; it was left out.")
        else:
            problems.append(f"line {number}: the id {learner.id!r} is on line {earlier[0]} already")
    problems += _shared(found.values())
    if problems:
        more = [f"and {len(problems) - MOST_TOLD} more"] if len(problems) > MOST_TOLD else []
        raise _unusable(
            where, "; ".join([*problems[:MOST_TOLD], *more]), "Correct these lines; nobody was entered."
        )
    if not found:
        raise _unusable(where, "a header and no learner", "Export the list again.")
    return Roster(tuple(learner for _, learner in found.values()), tuple(notes))


def enter(course: Course, learners: Iterable[Learner], *, dry_run: bool = False) -> Entered:
    """Enter `learners` in the gradebook, all or none; what an empty cell does not say is kept.

    Raises ClassError when an id differs from one in the gradebook in capitals only.
    """
    known = {learner.id: learner for learner in members(course)}
    folded = {name.casefold(): name for name in known}
    new, changed, wanted = [], [], []
    for learner in learners:
        other = folded.get(learner.id.casefold())
        if other is not None and other != learner.id:
            raise ClassError(
                "the class's gradebook",
                expected=f"no other spelling of {other!r}",
                found=f"{learner.id!r} in the list",
                mend="Use the spelling that is there: folders of both would be one on some systems.",
            )
        before = known.get(learner.id)
        told = {name: value for name, value in asdict(learner).items() if value}
        if before is None:
            new.append(learner.id)
        elif {**asdict(before), **told} != asdict(before):
            changed.append(learner.id)
        else:
            continue
        wanted.append(told)
    named = {learner.id for learner in learners}
    absent = tuple(name for name in known if name not in named)
    if wanted and not dry_run:
        from nbgrader.api import Student

        with open_gradebook(course) as gradebook:
            for told in wanted:
                if "lms_id" in told:
                    told["lms_user_id"] = told.pop("lms_id")
                gradebook.db.merge(Student(**told))
            gradebook.db.commit()
    return Entered(tuple(new), tuple(changed), absent)


def members(course: Course) -> tuple[Learner, ...]:
    """The members of the class, by id, as the gradebook has them; none while there is no gradebook."""
    return tuple(Learner(*(str(value or "") for value in row)) for row in table.students(db_url(course)))


def _decoded(path: Path, data: bytes) -> tuple[str, list[str]]:
    """The text of a file, and a sentence where its encoding had to be guessed."""
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ["utf-16"] if marked else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        guessed = "It is not UTF-8 and was read as Windows-1252; look at the names with accents."
        return text, [guessed] if encoding == "cp1252" else []
    raise _unusable(
        path, "bytes that are no text", "Save it as CSV in UTF-8; a spreadsheet's own file is none."
    )


def _columns(header: list[str], where: object) -> dict[str, int]:
    """Where each of our columns is in a file with this header."""
    plain = [" ".join(re.findall(r"[a-z0-9]+", name.casefold())) for name in header]
    found: dict[str, int] = {}
    for column, names in COLUMNS.items():
        places = [(names.index(name), at) for at, name in enumerate(plain) if name in names]
        if places:
            found[column] = min(places)[1]
    # Canvas calls the name "Student" and its own number "ID"; it writes that number into names of files.
    if "student" in plain and "id" in plain:
        found.setdefault("lms_id", plain.index("id"))
    if "id" not in found and "email" in found:
        found["id"] = found["email"]
    if "id" not in found:
        raise _unusable(
            where, f"the columns {', '.join(header)}", "Add a header with a column `id` or `username`."
        )
    return found


def _cell(row: list[str], at: int) -> str:
    return unicodedata.normalize("NFC", row[at].strip(" \u00a0")) if at < len(row) else ""


def _is_no_person(cells: dict[str, str]) -> bool:
    """Whether a row is one of those that platforms add: points possible, a test student."""
    name = (cells.get("name") or "").casefold().strip(" ,")
    return name in ("points possible", "student, test", "test student") or (
        not cells["id"] and "read only" in " ".join(cells.values())
    )


def _wrong(cells: dict[str, str]) -> str:
    """What is wrong with a row; empty when nothing is."""
    for name, value in cells.items():
        if value.startswith(FORMULA):
            return f"{name} {value[:40]!r} would be a formula in a spreadsheet"
        if CONTROL.search(value):
            return f"{name} has a line break or another control character in it"
        if len(value) > LONGEST:
            return f"{name} has {len(value)} characters, more than {LONGEST}"
    if not cells["id"]:
        return "no id"
    if not SAFE_ID.fullmatch(cells["id"]) or ".." in cells["id"] or cells["id"].endswith("."):
        return f"the id {cells['id']!r} cannot be a folder's name (letters, digits and . _ @ - only)"
    if cells.get("email") and cells["email"].count("@") != 1:
        return f"the email {cells['email']!r} is none"
    return ""


def _learner(cells: dict[str, str]) -> Learner:
    first, last = cells.get("first_name", ""), cells.get("last_name", "")
    if not (first or last) and (name := cells.get("name", "")):
        if "," in name:
            last, _, first = (part.strip() for part in name.partition(","))
        else:
            first, _, last = name.rpartition(" ")
    return Learner(cells["id"], first.strip(), last.strip(), cells.get("email", ""), cells.get("lms_id", ""))


def _shared(found: Iterable[tuple[int, Learner]]) -> list[str]:
    """Emails and platform numbers that two learners have."""
    problems = []
    for what in ("email", "lms_id"):
        seen: dict[str, int] = {}
        for number, learner in found:
            value = getattr(learner, what).casefold()
            if value and seen.setdefault(value, number) != number:
                problems.append(f"line {number}: the {what} {value!r} is on line {seen[value]} already")
    return problems


def _unusable(where: object, found: str, mend: str) -> ClassError:
    return ClassError(where, expected="a class list: CSV with a header", found=found, mend=mend)
