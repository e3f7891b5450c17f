"""What the name of an uploaded file says: whose it is, from when, and what they called it. Pure.

Each learning platform writes names of its own when an instructor downloads what was handed in. A rule here is
one such way; what no rule knows is looked through for somebody's id, address or name.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath

from foursteps.classroom.roster import Learner

MOODLE = re.compile(r"(?P<who>.+?)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)_?(?P<file>.*)")
CANVAS = re.compile(
    r"(?P<who>[^_]+)(?P<late>_LATE)?_(?P<number>\d+)(?:_question_\d+)?_(?P<order>\d+)_(?P<file>.+)"
)
BLACKBOARD = re.compile(
    r"(?P<who>.+)_attempt_(?P<at>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|(?P<bare>\.txt|\.zip)|)", re.IGNORECASE
)
BRIGHTSPACE = re.compile(
    r"(?P<number>\d+-\d+) ?- ?(?P<who>.+?) ?- ?(?P<at>(?:[^\W\d_]+ \d{1,2}|\d{1,2} [^\W\d_]+),? \d{4} "
    r"\d{1,2}[ :_.]?\d\d(?: [AaPp][Mm])?)(?: ?- ?(?P<file>.+))?"
)
SAKAI = re.compile(r"(?P<name>[^()]+, [^()]+) ?\((?P<who>[^()]+)\)")
EXCHANGE = re.compile(
    r"(?P<who>[^+]+)\+(?P<topic>[^+]+)"
    r"\+(?P<at>\d{4}-\d\d-\d\d \d\d[:_-]\d\d[:_-]\d\d(?:\.\d+)? UTC)(?:\+[^+]*)?"
)
VERSION = re.compile(r"Version (\d+)", re.IGNORECASE)
COPY = re.compile(r"(?:\s?\((\d+)\)|-Copy(\d+)|-(\d{1,2}))$")
MARKS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i"})
JUNK = {"__MACOSX", ".ipynb_checkpoints", ".DS_Store", "Thumbs.db", "desktop.ini", "__pycache__"}
NO_FILE = {"", "index.html", "submissionText", "onlinetext.html", "timestamp.txt", "Submission attachment(s)"}


@dataclass(frozen=True)
class Said:
    """What a name says. who : as whom the platform names the learner, the likeliest first.

    at : when it was handed in, with a zone only where the name has one. order : which of several is later,
    where no time says so. file : the learner's own name for it, with folders. late : the platform's word.
    """

    platform: str
    who: tuple[str, ...]
    file: str
    number: str = ""
    at: datetime | None = None
    order: tuple[int, ...] = ()
    late: bool = False


@dataclass(frozen=True)
class Whose:
    """Whose a file is: a learner's id, or a sentence that says why nobody's; and what its name said."""

    said: Said
    learner: str = ""
    reason: str = ""


def key(text: str) -> str:
    """`text` as names are compared: small letters and digits, no marks: `Ångström, K.` is `angstromk`."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(MARKS))
    return "".join(letter for letter in plain if letter.isalnum())


@dataclass
class Directory:
    """The members of a class, found by whatever a platform calls them."""

    learners: Sequence[Learner]
    by_key: dict[str, set[str]] = field(default_factory=dict)
    by_number: dict[str, str] = field(default_factory=dict)
    exactly: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for learner in self.learners:
            first, last = learner.first_name, learner.last_name
            names = [learner.id, learner.email, learner.email.split("@")[0], learner.lms_id]
            names += [first + last, last + first] if first and last else []
            for name in names:
                if key(name):
                    self.by_key.setdefault(key(name), set()).add(learner.id)
            self.exactly.setdefault(learner.email, learner.id)
            if learner.lms_id:
                self.by_number[learner.lms_id] = learner.id

        self.exactly |= {learner.id: learner.id for learner in self.learners}
        self.exactly.pop("", None)

    def called(self, names: Iterable[str]) -> set[str]:
        """Who is called by the first of `names` that anybody is called by."""
        for name in names:
            if name in self.exactly:
                return {self.exactly[name]}
            if found := self.by_key.get(key(name)):
                return found
        return set()

    def nearest(self, name: str) -> str:
        """The member whose id or name is most like `name`; empty when none is much alike."""
        close = difflib.get_close_matches(key(name), self.by_key, n=1, cutoff=0.75)
        return min(self.by_key[close[0]]) if close else ""


def whose(path: PurePosixPath, directory: Directory, topic: str, exercises: Sequence[str]) -> Whose:
    """Whose the uploaded file `path` is; `path` may begin with folders, or with the names of archives."""
    for place, part in enumerate(path.parts):
        said = _by_rule(part)
        if said is not None:
            rest = [piece for piece in (said.file, *path.parts[place + 1 :]) if piece not in NO_FILE]
            said = _with(said, "/".join(rest), path.parts[place + 1 :])
            return _found(said, directory)
    for place, part in enumerate(path.parts[:-1]):
        stem = part[:-4] if part.lower().endswith(".zip") else part
        if directory.called([stem]):
            said = Said("a folder", (stem,), "/".join(path.parts[place + 1 :]))
            return _found(_with(said, said.file, path.parts[place + 1 :]), directory)
    for place, part in enumerate(path.parts):
        names = _within(part, topic, exercises)
        found = [name for name in names if directory.called([name])]
        if found:
            longest = [name for name in found if len(key(name)) == max(len(key(one)) for one in found)]
            people = set().union(*(directory.called([name]) for name in longest))
            file = "/".join(path.parts[place + 1 :]) or part
            said = _with(Said("a name", (longest[0],), file), file, path.parts[place + 1 :])
            return _one_of(said, people, directory)
    said = Said("a name", (path.name,), path.name)
    return Whose(said, reason=_nobody(said, directory, _within(path.name, topic, exercises)))


def exercise_called(file: str, exercises: Sequence[str]) -> str:
    """The exercise that a notebook's name says it is, or empty: also `Copy of apply elsewhere (2)`."""
    called = key(PurePosixPath(file).name)
    found = [name for name in exercises if key(name) in called]
    return found[0] if len(found) == 1 else ""


def is_notebook(file: str) -> bool:
    """Whether a file is a notebook by its name; browsers add `.txt` and `.json` to it."""
    return re.search(r"\.ipynb(\.txt|\.json)?$", file, re.IGNORECASE) is not None


def _by_rule(part: str) -> Said | None:
    """What a platform's way of naming says of `part`, one folder or file of a path; None by no rule."""
    if found := EXCHANGE.fullmatch(part):
        clock = re.sub(r"[_-]", ":", found["at"][11:19])
        time = _time(f"{found['at'][:10]} {clock} +0000", "%Y-%m-%d %H:%M:%S %z")
        return Said("nbgrader's exchange", (found["who"],), "", at=time)
    if found := MOODLE.fullmatch(part):
        who, number = found["who"], found["number"]
        # A group's name may stand in front; and blind marking has a number for a name.
        names = [who, f"{who}{number}", *(who.split("-", at)[-1] for at in range(1, who.count("-") + 1))]
        return Said("Moodle", tuple(names), found["file"])
    if found := BLACKBOARD.fullmatch(part):
        words = found["who"].split("_")
        names = ["_".join(words[at:]) for at in range(len(words))]
        time = _time(found["at"], "%Y-%m-%d-%H-%M-%S")
        return Said("Blackboard", tuple(names), found["file"] or "", at=time)
    if found := BRIGHTSPACE.fullmatch(part):
        return Said("Brightspace", (found["who"],), found["file"] or "", at=_brightspace_time(found["at"]))
    if found := CANVAS.fullmatch(part):
        return Said(
            "Canvas",
            (found["who"],),
            found["file"],
            number=found["number"],
            order=(int(found["order"]),),
            late=bool(found["late"]),
        )
    if found := SAKAI.fullmatch(part):
        return Said("Sakai", (found["who"], found["name"]), "")
    if " - " in part:
        who, _, file = part.partition(" - ")
        return Said("Google Classroom", (who,), file) if is_notebook(file) else None
    return None


def _with(said: Said, file: str, below: Sequence[str]) -> Said:
    """`said` with its file's path, and with the number of a copy or a version where there is one."""
    order = list(said.order)
    for part in below:
        if version := VERSION.fullmatch(part):
            order.append(int(version[1]))
    stem = re.sub(r"(\.\w+)+$", "", file)
    copied = COPY.search(stem)
    order.append(int(next(filter(None, copied.groups()))) if copied and is_notebook(file) else 0)
    return Said(said.platform, said.who, file, said.number, said.at, tuple(order), said.late)


def _found(said: Said, directory: Directory) -> Whose:
    by_number = directory.by_number.get(said.number) if said.number else None
    people = directory.called(said.who)
    if by_number is None:
        return _one_of(said, people, directory)
    if people and by_number not in people:
        names = ", ".join(sorted(people))
        return Whose(said, reason=f"its number is {by_number}'s and its name is that of {names}")
    return Whose(said, by_number)


def _one_of(said: Said, people: set[str], directory: Directory) -> Whose:
    if len(people) == 1:
        return Whose(said, next(iter(people)))
    if people:
        return Whose(said, reason=f"{' and '.join(sorted(people))} are both called {said.who[0]!r}")
    return Whose(said, reason=_nobody(said, directory, said.who))


def _nobody(said: Said, directory: Directory, names: Sequence[str]) -> str:
    if key(said.who[0]).startswith(("anon", "participant")):
        return f"{said.who[0]!r} is nobody's name: download it without anonymous marking"
    near = next((found for name in names if (found := directory.nearest(name))), "")
    return f"nobody in the class is called {said.who[0]!r}" + (f"; {near} is near to it" if near else "")


def _within(part: str, topic: str, exercises: Sequence[str]) -> list[str]:
    """Whom a name may mean: its beginnings and ends, cut where words end, without the exercise's words."""
    stem = re.sub(r"(\.ipynb|\.zip|\.txt|\.json|\.py)+$", "", part, flags=re.IGNORECASE)
    names: list[str] = []
    for text in dict.fromkeys((stem, COPY.sub("", stem))):
        words = re.split(r"([_\-+\s.,()]+)", text)
        cuts = range(0, len(words), 2)
        names += ["".join(words[a : b + 1]) for a in cuts for b in cuts if a <= b and 0 in (a, cuts[-1] - b)]
    ours = {key(topic), *map(key, exercises), ""}
    return [name for name in names if key(name) not in ours]


def _time(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form)
    except ValueError:
        return None


def _brightspace_time(text: str) -> datetime | None:
    """A time such as `Nov 2, 2026 1:45 PM`, `2 November, 2026 1345`; None for another language's."""
    day, _, clock = text.replace(",", "").rpartition(" ")
    half = ""
    if clock.upper() in ("AM", "PM"):
        half, (day, _, clock) = clock.upper(), day.rpartition(" ")
    if (len(clock) == 2 and day[-5:-4] != " ") or not re.search(r"\d{4}$", day):
        day, _, hour = day.rpartition(" ")
        clock = f"{hour}:{clock}"
    digits = re.sub(r"\D", "", clock).zfill(4)
    days = ("%b %d %Y", "%B %d %Y", "%d %b %Y", "%d %B %Y")
    form = "%I%M %p" if half else "%H%M"
    times = (_time(f"{day} {digits} {half}".strip(), f"{one} {form}") for one in days)
    return next((time for time in times if time), None)
