"""The gradebook as a database: what it says when it is of an older nbgrader, out of reach, or gone midway."""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from foursteps.errors import GradeError

REVISION = re.compile(r"^(down_)?revision = ['\"](\w+)['\"]", re.MULTILINE)
KEPT = "What was recorded is kept, and nothing is half written."


def anchored(url: str, root: Path) -> str:
    """`url`, and where it names a SQLite file from the course's folder `root` on, that file from anywhere.

    nbgrader leaves such an address to the folder that its commands are started in, which is the course's.
    """
    from sqlalchemy.engine import make_url

    if not url.startswith("sqlite"):
        return url
    address = make_url(url)
    if not address.database or address.database == ":memory:" or address.database.startswith("file:"):
        return url
    return str(address.set(database=str(root / address.database)))


def checked(url: str) -> str:
    """`url`, once it is sure that nbgrader may open what is there.

    nbgrader makes the tables that it misses in whatever it opens; in a gradebook of an older nbgrader they
    would keep it from ever being brought up to date. Raises GradeError for such a one, for one of a newer
    nbgrader, and where there is no driver or no database.
    """
    from sqlalchemy import create_engine, inspect, text
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import SQLAlchemyError

    if url.startswith("sqlite") and not Path(make_url(url).database or "").is_file():
        return url
    try:
        engine = create_engine(url)
        try:
            with engine.connect() as connection:
                there = inspect(connection)
                if not there.has_table("alembic_version"):
                    if there.has_table("submitted_assignment"):
                        raise _other(url, "one without a version, as nbgrader before 0.6 made them")
                    return url
                version = connection.execute(text("select version_num from alembic_version")).scalar()
        finally:
            engine.dispose()
    except (SQLAlchemyError, ImportError) as error:
        raise explained(error, url) or error from error
    if version == newest():
        return url
    if version in _revisions():
        raise _other(url, f"one of an older nbgrader (revision {version})")
    raise GradeError(
        safe(url),
        expected=f"a gradebook of the nbgrader that is installed (revision {newest()})",
        found=f"one of a newer nbgrader (revision {version})",
        mend="Update nbgrader: pip install --upgrade nbgrader.",
    )


def explained(error: BaseException, url: str = "") -> GradeError | None:
    """What an error of the database means, as one error that a person can act on; None for any other."""
    kind = type(error)
    where = safe(url) if url else "the class's gradebook"
    if isinstance(error, ImportError) and "psycopg" in str(error):
        return GradeError(
            where,
            expected="the driver for PostgreSQL",
            found="none installed",
            mend="Install it: pip install 'foursteps[postgresql]'.",
        )
    if not kind.__module__.startswith("sqlalchemy"):
        return None
    said = str(getattr(error, "orig", error) or error).strip().splitlines()
    found = said[0].rstrip(".") if said else kind.__name__
    if kind.__name__ in ("OperationalError", "InterfaceError", "PendingRollbackError"):
        mend = "Free it: another program holds it." if "locked" in found else "Start it again."
        return GradeError(
            where,
            expected="a database that answers",
            found=found,
            mend=f"{mend} Then run the same command again. {KEPT}",
        )
    return GradeError(
        where,
        expected="a gradebook as nbgrader makes it",
        found=found,
        mend=f"If an older nbgrader made it, run `nbgrader db upgrade`. {KEPT}",
    )


def safe(url: str) -> str:
    """An address that may be shown: without its password."""
    from sqlalchemy.engine import make_url

    return make_url(url).render_as_string(hide_password=True)


@cache
def newest() -> str:
    """The revision of the gradebooks that the installed nbgrader makes."""
    return next(iter(set(_revisions()) - set(_revisions().values())))


@cache
def _revisions() -> dict[str, str]:
    """The revisions that the installed nbgrader knows, each with the one before it."""
    spec: Any = find_spec("nbgrader")
    found = {}
    for path in (Path(spec.origin).parent / "alembic" / "versions").glob("*.py"):
        said = {down: name for down, name in REVISION.findall(path.read_text("utf-8"))}
        found[said[""]] = said.get("down_", "")
    return found


def _other(url: str, found: str) -> GradeError:
    return GradeError(
        safe(url),
        expected=f"a gradebook of the nbgrader that is installed (revision {newest()})",
        found=found,
        mend="Run `nbgrader db upgrade` in the course's folder; it keeps a copy of the old one beside it.",
    )
