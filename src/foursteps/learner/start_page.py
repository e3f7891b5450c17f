"""The start page: a notebook in `work/` with the topics, their four steps, and the next thing to do.

The page is the output of its one code cell, made when the lab is opened, so it shows at once; running the
cell again brings it up to date. Links lead to the learner's own copies and open in JupyterLab with one click.
"""

from html import escape
from pathlib import Path
from urllib.parse import quote

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from foursteps import notebook as nb
from foursteps.course import Course
from foursteps.learner.progress import Progress
from foursteps.learner.standing import Standing, Step, next_step, standing

NAME = "Start.ipynb"
SOURCE = "from foursteps.learner.start_page import page\n\npage()"
KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
ABOUT = """\
Four steps a topic: **watch** the lecture, **run** it and experiment, **reproduce** its result yourself,
**apply** it **elsewhere**. Click on a step to open your own copy. To bring this page up to date, click into
the cell below and press Shift+Enter."""
COLOURS = {"done": "#2e9e5b", "begun": "#3b7dd8", "to do": "rgba(128,128,128,.6)"}
CELL = "padding:.5em .7em;text-align:left;vertical-align:top;border-top:1px solid rgba(128,128,128,.3)"


class Page:
    """The page as JupyterLab shows it, and as text."""

    def __init__(self, course: Course, standings: tuple[Standing, ...]):
        self.course, self.standings = course, standings

    def __repr__(self) -> str:
        return text_page(self.course.title, self.standings)

    def _repr_html_(self) -> str:
        return html_page(self.standings, self.course.work)


def page(folder: Path | None = None) -> Page:
    """Where the learner stands now; what the start page's cell calls. `folder` lies inside the course."""
    course = Course.load(folder or Path.cwd())
    return Page(course, standing(course, Progress.of(course.work).events()))


def write_start_page(course: Course) -> Path:
    """Write the start page, as it looks now, into `work/`; gives its path."""
    shown = page(course.root)
    path = course.work / NAME
    notebook = start_notebook(shown)
    nb.write(path, notebook)
    _trust(notebook)
    return path


def start_notebook(shown: Page) -> NotebookNode:
    """The notebook with its output already there."""
    data = {"text/plain": repr(shown), "text/html": shown._repr_html_()}
    output = new_output("execute_result", data=data, execution_count=None)
    cell = new_code_cell(SOURCE, id="page", outputs=[output])
    cell.metadata["jupyter"] = {"source_hidden": True}
    about = new_markdown_cell(f"# {shown.course.title}\n\n{ABOUT}", id="about")
    return new_notebook(cells=[about, cell], metadata={"kernelspec": KERNEL})


def _trust(notebook: NotebookNode) -> None:
    """Let JupyterLab show the page's colours before its cell has run; without, a plain table shows."""
    from nbformat.sign import NotebookNotary

    try:
        NotebookNotary().sign(notebook)
    except Exception:  # a home that cannot be written is no reason not to start
        return


def html_page(standings: tuple[Standing, ...], work: Path) -> str:
    """The page as HTML: what comes next, then a row a topic and a column a step; links relative to `work`."""
    rows = "".join(
        f'<tr><th scope="row" style="{CELL};font-weight:400;min-width:13em">'
        f"<strong>{escape(s.title)}</strong>"
        f'<br><small style="opacity:.75">{escape(s.topic)} · {_minutes(s.minutes_left)}</small></th>'
        f"{''.join(_cell(step, s, work) for step in s.steps)}</tr>"
        for s in standings
    )
    heads = "".join(
        f'<th scope="col" style="{CELL};border-top:0">{number} · {step.title}</th>'
        for number, step in enumerate(standings[0].steps if standings else (), 1)
    )
    return (
        f'<div class="foursteps-start">{_next(standings, work)}'
        f'<table style="border-collapse:collapse;margin:.8em 0;font-size:inherit"><thead><tr>'
        f'<th scope="col" style="{CELL};border-top:0">Topic</th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def text_page(title: str, standings: tuple[Standing, ...]) -> str:
    """The page as lines of text."""
    lines = [title]
    for found in standings:
        lines.append(f"{found.topic}: {found.title}, {_minutes(found.minutes_left)}")
        lines += [f"  {_sign(step)} {step.title}: {step.says}" for step in found.steps]
    if coming := next_step(standings):
        lines.append(f"Next: {coming[1].title.lower()} {coming[0].topic}")
    return "\n".join(lines)


def _next(standings: tuple[Standing, ...], work: Path) -> str:
    left = sum(found.minutes_left for found in standings)
    coming = next_step(standings)
    if coming is None:
        return "<p><strong>All done.</strong> Every step of every topic.</p>"
    found, step = coming
    verb = "Go on with" if step.share else "Begin with"
    return (
        f'<p style="font-size:1.15em;border-left:5px solid {COLOURS["begun"]};'
        'padding:.5em .9em;margin:.6em 0">'
        f"<strong>Next:</strong> {verb} {_link(step, f'{step.title.lower()}, {found.title}', work)}"
        f'<br><small style="opacity:.75">{_minutes(step.minutes_left)} for this step, '
        f"{_minutes(left)} for the course</small></p>"
    )


def _cell(step: Step, of: Standing, work: Path) -> str:
    state = "done" if step.is_done else "begun" if step.share else "to do"
    colour = COLOURS[state]
    bar = (
        f'<div role="img" aria-label="{step.share:.0%} done" style="height:5px;width:7em;border-radius:3px;'
        f'margin:.35em 0;background:rgba(128,128,128,.25)"><div style="height:5px;border-radius:3px;'
        f'width:{step.share:.0%};background:{colour}"></div></div>'
    )
    left = f" · {_minutes(step.minutes_left)}" if not step.is_done else ""
    return (
        f'<td style="{CELL}"><span aria-hidden="true">{_sign(step)}</span> '
        f"{_link(step, step.title, work)}{bar}"
        f'<small style="opacity:.85">{escape(step.says)}{left}</small></td>'
    )


def _sign(step: Step) -> str:
    return "✓" if step.is_done else "◐" if step.share else "○"


def _minutes(minutes: int) -> str:
    """`45 min`, `2 h 30 min`, or `done`."""
    if minutes <= 0:
        return "nothing left"
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} h"] if hours else []
    return " ".join([*parts, *([f"{rest} min"] if rest or not hours else [])])


def _link(step: Step, words: str, work: Path) -> str:
    """A link to the learner's copy; plain words where there is none yet."""
    if not step.path.is_file():
        return escape(words)
    return f'<a href="{quote(step.path.relative_to(work).as_posix())}">{escape(words)}</a>'
