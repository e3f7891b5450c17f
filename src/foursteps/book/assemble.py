"""From a course and its executed lectures to the sources of the book: every file, by its path. No effects.

What is read: the course's folders. What is given back: a mapping from path to bytes, which `build` writes.
"""

import io
import tomllib
import zipfile
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import nbformat
import yaml
from nbformat import NotebookNode

from foursteps import notebook as nb
from foursteps.book import (
    course_map,
    figure,
    glossary,
    instructor,
    leaderboard,
    lecture,
    pages,
    piece_page,
    reproduces,
)
from foursteps.book import launch as launching
from foursteps.book.chapter import Chapter, slug, slug_of
from foursteps.book.claim import claims_of
from foursteps.book.piece import piece_of, placed
from foursteps.book.toc import Contents, Entry, Part
from foursteps.claims.ledger import load as load_claims
from foursteps.course import Course, Exercise, Topic
from foursteps.errors import BookError
from foursteps.reproduce.printed import parts, with_piece
from foursteps.run.provenance import Provenance

Edition = Literal["learner", "instructor"]
More = Mapping[str, Sequence[float]]

GUIDES = {"learner": "Learner", "instructor": "Instructor", "class": "Run a class", "author": "Author"}
TOPICS = "Topics"
TOPICS_HERE = "<!-- topics -->"
"""Where the landing page, and the opener of a part, show their topics."""
BIBLIOGRAPHY = "references.bib"
REFERENCES = """# References

What the pages of this book cite. The sources of the data, with their licences, stand on the topics' cards.

```{bibliography}
:style: plain
```
"""
WORDS_HERE = "<!-- words -->"
"""Where the glossary shows the words that the lectures explain."""


def assemble(
    course: Course,
    executed: Mapping[str, NotebookNode],
    provenance: Mapping[str, Provenance] | None = None,
    edition: Edition = "learner",
    more: Mapping[str, More] | None = None,
) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """The book's source files by path, and the figures that lack alternative text (`topic, cell`).

    more : by topic and claim, what further seeds gave where the printed run raises an alarm.

    The instructor's edition has the solutions and a page on the grading of each topic.

    Raises BookError when a lecture was not run, failed, or was run from another source.
    """
    files: dict[str, bytes] = {}
    chapters, bare = [], []
    for topic in course.topics:
        chapter, page = _chapter(
            topic, executed, (provenance or {}).get(topic.name), (more or {}).get(topic.name)
        )
        chapters.append(chapter)
        bare += [f"{topic.name}, cell {cell}" for cell in lecture.undescribed(page)]
        files |= _topic_files(course, chapter, page)
        if edition == "instructor":
            files |= instructor.pages(chapter)
    files |= _own_pages(course.root / "book", chapters)
    published = {topic.name for topic in course.topics}
    boards = leaderboard.read(course.workspace / leaderboard.FILE)
    if boards := tuple(board for board in boards if board.topic in published):
        files["leaderboard.md"] = leaderboard.page(boards, chapters).encode()
        files |= {board.picture: leaderboard.picture(board).encode() for board in boards}
    files |= {
        "map.md": course_map.course_map(chapters).encode(),
        "map.svg": course_map.map_svg(chapters).encode(),
        "reproduces.md": reproduces.reproduces(chapters).encode(),
    }
    if BIBLIOGRAPHY in files:
        files["guides/references.md"] = REFERENCES.encode()
    if text := _commands():
        files["guides/commands.md"] = text.encode()
    contents = table_of_contents(chapters, files)
    files["_toc.yml"] = contents.toc_yml().encode()
    suffix = {page: ".ipynb" if f"{page}.ipynb" in files else ".md" for page in contents.pages()}
    files["myst.yml"] = contents.myst_yml(course.title, suffix).encode()
    files["_config.yml"] = _config(course)
    return files, tuple(bare)


def exercise_pages(course: Course) -> dict[str, str]:
    """For each `topic/exercise`, the piece of a path that its pages have in common."""
    return {
        str(exercise): f"{slug(topic.name)}/{slug(exercise.name)}"
        for topic in course.topics
        for exercise in topic.exercises.values()
    }


def table_of_contents(chapters: list[Chapter], files: Mapping[str, bytes]) -> Contents:
    """The book's order: the course, its topics, the guides."""
    topics: dict[str, list[Entry]] = {}
    for chapter in chapters:
        part = chapter.topic.settings.part or TOPICS
        opener = f"parts/{slug_of(part)}"
        if part not in topics:
            topics[part] = [Entry(opener, title="In this part")] if f"{opener}.md" in files else []
        here = f"topics/{chapter.slug}"
        under = [Entry(f"{here}/{slug(page)}", title=pages.STEPS[page][0]) for page in chapter.parts]
        if f"{here}/grading.md" in files:
            own = instructor.entries(chapter.topic)
            under += [Entry(f"{here}/{page}", title=title) for page, title in own.items()]
        topics[part].append(Entry(f"{here}/index", tuple(under), chapter.heading))
    guides = [
        Entry(f"guides/{name}", title=title) for name, title in GUIDES.items() if f"guides/{name}.md" in files
    ]
    rest = [
        ("guides/commands", "Command line"),
        ("guides/glossary", "Glossary"),
        ("guides/references", "References"),
    ]
    guides += [Entry(page, title=title) for page, title in rest if f"{page}.md" in files]
    first = [Entry("map", title="The course at a glance")]
    first += [Entry("reproduces", title="Does it still reproduce?")]
    first += [Entry("leaderboard", title="Leaderboard")] if "leaderboard.md" in files else []
    parts = {"The course": first, **topics, "Guides": guides}
    return Contents("index", tuple(Part(name, tuple(entries)) for name, entries in parts.items() if entries))


def _chapter(
    topic: Topic, executed: Mapping[str, NotebookNode], stamp: Provenance | None, more: More | None
) -> tuple[Chapter, NotebookNode]:
    """What a topic's pages are made from, and its lecture as it is printed."""
    if topic.name not in executed:
        raise BookError(
            topic.lecture,
            expected="an executed lecture",
            found="none",
            mend=f"Run it: `foursteps reproduce {topic.name}`.",
        )
    source, run = with_piece(topic), executed[topic.name]
    page = lecture.printed(source, run, topic.lecture)
    if found := piece_of(run, topic.piece):
        page = placed(page, found, parts(topic)[0], piece_page.html(found, "piece"), topic.lecture)
    about = source.metadata.get("foursteps", {})
    said = lecture.claims_said(run)
    recall = _toml(topic.recall)
    kept = topic.take_away.read_text("utf-8") if topic.take_away.is_file() else ""
    released = [name for name, exercise in topic.exercises.items() if exercise.released.is_file()]
    ledger = load_claims(topic.claims) if topic.claims.is_file() else None
    chapter = Chapter(
        topic=topic,
        about=about,
        lead=pages.lead_of(source.cells),
        prose=tuple(cell.source for cell in source.cells if cell.cell_type == "markdown"),
        cards=_data_cards(about.get("data", [])),
        recall=recall,
        parts=("lecture", *released, *(["recall"] if recall else []), *(["take_away"] if kept else [])),
        take_away=kept,
        claims=claims_of(ledger, said, stamp.device_class if stamp else topic.device, more),
        run=stamp,
        minutes={
            exercise.name: about_exercise(exercise).get("minutes", 0) for exercise in topic.exercises.values()
        },
    )
    return chapter, page


def about_exercise(exercise: Exercise) -> dict[str, Any]:
    """What a released exercise says of itself; empty before its release."""
    return nb.read(exercise.released).metadata.get("foursteps", {}) if exercise.released.is_file() else {}


def _topic_files(course: Course, chapter: Chapter, page: NotebookNode) -> dict[str, bytes]:
    topic, here = chapter.topic, f"topics/{chapter.slug}"
    files = {
        f"{here}/index.md": pages.opening(chapter, *launching.ways(course)).encode(),
        f"{here}/files/lecture.ipynb": topic.lecture.read_bytes(),
    }
    if chapter.recall:
        files[f"{here}/recall.md"] = pages.recall(chapter).encode()
    if chapter.take_away:
        files[f"{here}/take-away.md"] = pages.take_away(chapter).encode()
    launch = course.settings.launch
    row = pages.get_it(
        {"Download the notebook": "files/lecture.ipynb"},
        launching.launch_links(launch, topic.lecture.relative_to(course.root).as_posix()),
    )
    start = "[What you need before you start](index.md)"
    note = "\n\n".join(filter(None, [reproduces.claim_cell(chapter), f"{row} · {start}"]))
    files[f"{here}/lecture.ipynb"] = _page(page, f"{chapter.number}-l", note, chapter.heading, header=False)
    for claim in chapter.claims:
        name = reproduces.badge_name(claim)
        files[f"{here}/claims/{name}"] = figure.badge(claim.label, claim.words, claim.state).encode()
        if claim.values:
            files[f"{here}/claims/strip-{name}"] = figure.strip(claim).encode()
    for exercise in topic.exercises.values():
        if exercise.released.is_file():
            files |= _exercise_files(course, chapter, exercise)
    for folder in (topic.folder, course.root / "exercises" / topic.name):
        for path in sorted((folder / "figures").rglob("*")):
            if path.is_file():
                files[f"{here}/figures/{path.relative_to(folder / 'figures').as_posix()}"] = path.read_bytes()
    return files


def _exercise_files(course: Course, chapter: Chapter, exercise: Exercise) -> dict[str, bytes]:
    here, name = f"topics/{chapter.slug}", slug(exercise.name)
    packed = f"{chapter.slug}-{name}.zip"
    members = {exercise.released.name: exercise.released.read_bytes()}
    if chapter.topic.checks.is_file():
        members[chapter.topic.checks.name] = chapter.topic.checks.read_bytes()
    row = pages.get_it(
        {
            "Download the notebook": f"{name}-files/{exercise.released.name}",
            "Notebook and checks (zip)": f"{name}-files/{packed}",
        },
        launching.launch_links(course.settings.launch, pages.released_at(exercise)),
    )
    title = f"{pages.STEPS[exercise.name][0]}: {chapter.topic.title}"
    return {
        f"{here}/{name}.ipynb": _page(nb.read(exercise.released), f"{chapter.number}-{name[0]}", row, title),
        f"{here}/{name}-files/{exercise.released.name}": members[exercise.released.name],
        f"{here}/{name}-files/{packed}": _zip(members),
    }


def _page(notebook: NotebookNode, mark: str, note: str, title: str, *, header: bool = True) -> bytes:
    """A notebook as a page: its title, then `note`, then the rest; `mark` begins its cells' ids.

    `title` is for a notebook without one of its own. With `header=False` only the title is kept of the
    generated header cell, because another page says the rest.
    """
    cells = list(notebook.cells)
    head = ""
    if cells and cells[0].cell_type == "markdown" and cells[0].source.lstrip().startswith("# "):
        first, _, head = cells[0].source.lstrip().partition("\n")
        title = first.removeprefix("# ").strip()
        generated = "header" in cells[0].metadata.get("tags", [])
        cells = cells[1:]
        head = head.strip() if header or not generated else ""
    texts = {"book-title": f"# {title}", "book-note": note, "book-header": head}
    top = [nbformat.v4.new_markdown_cell(text, id=name) for name, text in texts.items() if text]
    page = nbformat.from_dict(dict(notebook))
    page.cells = [*top, *cells]
    for cell in page.cells:
        cell["id"] = f"{mark}-{cell.get('id', 'cell')}"[:64]
    page.metadata = nbformat.from_dict(
        {"kernelspec": dict(notebook.metadata.get("kernelspec", {})), "language_info": {"name": "python"}}
    )
    page.nbformat_minor = max(page.nbformat_minor, 5)
    return nb.dumps(page).encode()


def _own_pages(folder: Path, chapters: list[Chapter]) -> dict[str, bytes]:
    """The pages and pictures that are written by hand, with the topics put into the landing page."""
    files = {}
    for pattern in ("*.md", "*.bib", "guides/*.md", "_static/**/*"):
        for path in sorted(folder.glob(pattern)):
            if path.is_file():
                files[path.relative_to(folder).as_posix()] = path.read_bytes()
    if "index.md" not in files:
        raise BookError(
            folder / "index.md",
            expected="a landing page",
            found="no such file",
            mend="Write one; any MyST will do.",
        )
    text = files["index.md"].decode()
    files["index.md"] = text.replace(TOPICS_HERE, pages.topic_cards(chapters)).encode()
    if words := files.get("guides/glossary.md"):
        told = glossary.table(glossary.words(chapters))
        files["guides/glossary.md"] = words.decode().replace(WORDS_HERE, told).encode()
    return files | _openers(folder, chapters)


def _openers(folder: Path, chapters: list[Chapter]) -> dict[str, bytes]:
    """The openers of the parts that have a topic, each with the cards of its topics."""
    files = {}
    for part in dict.fromkeys(chapter.topic.settings.part for chapter in chapters):
        path = folder / "parts" / f"{slug_of(part)}.md"
        if part and path.is_file():
            mine = [chapter for chapter in chapters if chapter.topic.settings.part == part]
            text = path.read_text("utf-8").replace(TOPICS_HERE, pages.topic_cards(mine, up="../"))
            files[f"parts/{path.name}"] = text.encode()
    return files


def _config(course: Course) -> bytes:
    """Jupyter Book's `_config.yml`: the book's own, with what course.toml says."""
    path = course.root / "book" / "_config.yml"
    launch = course.settings.launch
    config = yaml.safe_load(path.read_text("utf-8")) if path.is_file() else {}
    config = {"title": course.title, "author": course.settings.author, **(config or {})}
    if (path.parent / BIBLIOGRAPHY).is_file():
        config["bibtex_bibfiles"] = [BIBLIOGRAPHY]
        if listed := config.get("sphinx", {}).get("config", {}).get("extensions"):
            listed.append("sphinxcontrib.bibtex")
    if launch.repository:
        options = (
            config.setdefault("sphinx", {}).setdefault("config", {}).setdefault("html_theme_options", {})
        )
        options |= {"repository_url": launch.repository, "use_repository_button": True}
    return yaml.safe_dump(config, sort_keys=False, allow_unicode=True).encode()


def _data_cards(names: list[str]) -> tuple[str, ...]:
    """The cards of the datasets `names`; a name that is not in the catalogue is a BookError."""
    if not names:
        return ()
    from foursteps.data import DATASETS

    unknown = [name for name in names if name not in DATASETS]
    if unknown:
        raise BookError(
            "metadata.foursteps.data",
            expected=f"names of datasets: {', '.join(DATASETS)}",
            found=unknown[0],
            mend="Correct the name in the lecture's metadata.",
        )
    return tuple(DATASETS[name].card() for name in names)


def _commands() -> str:
    """The command line's reference, where this installation has the command line."""
    if find_spec("foursteps.cli") is None:
        return ""
    from foursteps.book.commands import reference
    from foursteps.cli import app

    return reference(app)


def _toml(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BookError(
            path, expected="questions and answers in TOML", found=str(error), mend="Correct that line."
        ) from None


def _zip(members: Mapping[str, bytes]) -> bytes:
    """An archive of `members`, the same bytes for the same content."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(members.items()):
            archive.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), data)
    return buffer.getvalue()
