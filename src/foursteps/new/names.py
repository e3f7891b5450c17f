"""What a new course and a new topic may be called. Pure."""

import re
from collections.abc import Collection

from foursteps.errors import CourseError

COURSE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
TOPIC_NAME = re.compile(r"\d{2}_[a-z][a-z0-9_]*")


def require_course_name(name: str) -> None:
    """Refuse a name that is no plain name of a folder; raises CourseError."""
    if COURSE_NAME.fullmatch(name):
        return
    raise CourseError(
        f"new course {name!r}",
        expected="a name of letters, digits, - and _, which becomes the course's folder",
        found=repr(name),
        mend=f"Try `foursteps new course {_words(name, '-') or 'statistics'}`.",
    )


def require_topic_name(name: str, there: Collection[str]) -> None:
    """Refuse a topic's name that is not a number and words, or whose number is taken; raises CourseError.

    there : the topics that the course has.
    """
    words = re.sub(r"^[0-9_]+", "", _words(name, "_"))
    proposed = f"{_next_number(there):02d}_{words or 'topic'}"
    if not TOPIC_NAME.fullmatch(name):
        raise CourseError(
            f"new lecture {name!r}",
            expected="two digits, _ and words of small letters and digits, such as 02_heights",
            found=repr(name),
            mend=f"Try `foursteps new lecture {proposed}`.",
        )
    if taken := [topic for topic in there if topic.split("_")[0] == name[:2]]:
        raise CourseError(
            f"new lecture {name!r}",
            expected="a number that no topic of the course has",
            found=f"that of {taken[0]}",
            mend=f"Try `foursteps new lecture {proposed}`.",
        )


def title_of(name: str) -> str:
    """A title to begin with: `02_linear_models` and `linear-models` are "Linear models"."""
    words = re.sub(r"^\d+_", "", name).replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]


def _next_number(there: Collection[str]) -> int:
    numbers = [int(found.group()) for topic in there if (found := re.match(r"\d+", topic))]
    return max(numbers, default=0) + 1


def _words(text: str, between: str) -> str:
    """`text` with only small letters and digits, and `between` where something else was."""
    return re.sub(r"[^a-z0-9]+", between, text.lower()).strip("_-")
