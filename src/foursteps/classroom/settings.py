"""What a class has agreed on, in `class/class.toml`: when work is due, and what lateness costs."""

import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from foursteps.course import Course
from foursteps.errors import ClassError

TEMPLATE = """\
# What this class has agreed on. Every entry may be left out.

# The time zone of the due dates below, and of the times in the names of uploaded files.
timezone = "UTC"

[due]
# 01_first_topic = 2026-11-02T18:00:00

[late]
# none: lateness is said and costs nothing; zero: late work gets nothing; daily: a share for each day begun.
policy = "none"
per_day = 0.1
most = 0.5
grace_minutes = 0

[grades]
# So many of a learner's lowest topics do not count.
drop_lowest = 0
# Topics that do not count for anybody.
leave_out = []
"""


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Late(Strict):
    """What lateness costs: `per_day` and `most` are shares (0 to 1) of a notebook's points."""

    policy: Literal["none", "zero", "daily"] = "none"
    per_day: float = Field(default=0.1, ge=0, le=1)
    most: float = Field(default=1.0, ge=0, le=1)
    grace_minutes: float = Field(default=0.0, ge=0)


class Grades(Strict):
    """What counts in a learner's total."""

    drop_lowest: int = Field(default=0, ge=0)
    leave_out: tuple[str, ...] = ()


class Settings(Strict):
    """The class's settings, checked."""

    timezone: str = "UTC"
    due: dict[str, datetime] = {}
    late: Late = Late()
    grades: Grades = Grades()

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"{name!r} is no time zone, such as Europe/Berlin") from None
        return name

    @property
    def zone(self) -> ZoneInfo:
        """The class's time zone."""
        return ZoneInfo(self.timezone)

    def due_utc(self, topic: str) -> datetime | None:
        """When `topic` is due, in UTC without a zone, as the gradebook keeps times; None without a date."""
        due = self.due.get(topic)
        return None if due is None else utc(due, self.zone)


def utc(time: datetime, zone: ZoneInfo) -> datetime:
    """`time` in UTC, without a zone; one without a zone is of `zone`."""
    aware = time if time.tzinfo else time.replace(tzinfo=zone)
    return aware.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)


def settings_path(course: Course) -> Path:
    """Where the class's settings lie."""
    return course.workspace / "class.toml"


def read_settings(course: Course) -> Settings:
    """The class's settings; the usual ones where there is no file.

    Raises ClassError for a file that cannot be read, an unknown entry, or a topic the course does not have.
    """
    path = settings_path(course)
    if not path.is_file():
        return Settings()

    def broken(found: str) -> ClassError:
        return ClassError(
            path, expected="a class's settings", found=found, mend="Correct or remove that entry."
        )

    try:
        settings = Settings.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise broken(f"no TOML ({error})") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise broken(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    topics = {topic.name for topic in (*course.topics, *course.drafts)}
    if unknown := sorted({*settings.due, *settings.grades.leave_out} - topics):
        raise broken(f"{unknown[0]}, which is no topic of the course ({', '.join(sorted(topics))})")
    return settings


def days_late(seconds: float, grace: timedelta = timedelta()) -> int:
    """Days begun after the time was up, none within `grace`."""
    return 0 if seconds <= grace.total_seconds() else int(-(-seconds // 86400))
