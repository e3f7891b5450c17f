"""One progress bar for everything that takes long."""

from typing import Any

from rich.markup import escape

from foursteps.cli.app import err


class Bar:
    """One progress bar with what runs now and how long it may still take; quiet where nobody watches."""

    def __init__(self) -> None:
        from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
        from rich.progress import Progress as Bars

        columns = (
            BarColumn(24),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.description}"),
        )
        self.bars = Bars(*columns, console=err, transient=True, disable=not err.is_terminal)
        self.task = self.bars.add_task("", total=1.0)
        self.said, self.share, self.now = "", 0.0, ""

    def __enter__(self) -> "Bar":
        self.bars.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self.bars.stop()

    def progress(self, progress: Any) -> None:
        """Show how far `foursteps course` is."""
        self._show(progress.done / progress.total, progress.now)

    def run_event(self, event: Any) -> None:
        """Show how far `foursteps reproduce` is."""
        cell = event.cell / event.cells if event.kind == "cell" and event.cells else 0.0
        now = f"{event.topic}/{event.notebook}, seed {event.seed}"
        now += f", cell {event.cell} of {event.cells}: {event.line}" if event.kind == "cell" else ""
        self._show((event.done + cell) / max(event.total, 1), now, quiet=event.kind == "cell")

    def grade_event(self, event: Any) -> None:
        """Show how far `foursteps grade` is, and the marks of each submission as they come."""
        if event.kind == "done" and event.rows:
            said = "; ".join(f"{row.exercise} {row.points:g} of {row.max_points:g}" for row in event.rows)
            self.bars.console.print(f"{escape(event.student)}: {escape(said)}", highlight=False)
        now = f"{event.topic}, {event.student}" if event.kind == "begun" else self.now
        self._show(event.done / max(event.total, 1), now, quiet=True)

    def _show(self, share: float, now: str, *, quiet: bool = False) -> None:
        self.now = now
        self.share = share = max(self.share, share)  # of several runs at a time, the farthest one tells
        self.bars.update(self.task, completed=min(share, 1.0), description=escape(now[:70]))
        if not err.is_terminal and not quiet and now.split(", cell")[0] != self.said:
            self.said = now.split(", cell")[0]
            err.print(f"{share:4.0%} {escape(self.said)}", highlight=False)
