"""The command line's reference page, made from the Typer app itself, so that it cannot drift. Pure."""

import inspect
from collections.abc import Iterator
from typing import Any

import typer


def reference(app: typer.Typer, program: str = "foursteps") -> str:
    """The page, in MyST Markdown: each command with its synopsis, its help, its arguments and options."""
    root = typer.main.get_command(app)
    lines = [
        "# Command line",
        "",
        f"Every `{program}` command. This page is made from the program itself while the book is built.",
        "",
        *_prose(root.help),
    ]
    for path, command in _commands(root, (program,)):
        lines += _section(path, command)
    return "\n".join(lines).rstrip() + "\n"


def _commands(group: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The visible commands below `group`, each with the words that call it, in the program's order."""
    for word, command in group.commands.items():
        if command.hidden:
            continue
        if getattr(command, "commands", None):
            yield from _commands(command, (*path, word))
        else:
            yield (*path, word), command


def _section(path: tuple[str, ...], command: Any) -> list[str]:
    # Typer brings its own copy of click in some versions: the command knows which context it takes.
    context = command.context_class(command, info_name=" ".join(path))
    usage = " ".join([" ".join(path), *command.collect_usage_pieces(context)])
    lines = [f"## {' '.join(path)}", "", "```text", usage, "```", "", *_prose(command.help)]
    rows = [
        f"| `{' '.join(record[0].split())}` | {_cell(record[1])} |"
        for parameter in command.get_params(context)
        if not getattr(parameter, "hidden", False) and (record := parameter.get_help_record(context))
    ]
    if rows:
        lines += ["| name | what it does |", "|---|---|", *rows, ""]
    return lines


def _cell(text: str) -> str:
    """Help text in a table's cell: one line, nothing in it read as Markdown or HTML."""
    text = " ".join(text.split())
    for special in ("\\", "|", "*", "_", "[", "]", "<", "$", "`"):
        text = text.replace(special, f"\\{special}")
    return text


def _prose(text: str | None) -> list[str]:
    """Help text as paragraphs; what follows a form feed is not for people."""
    return [inspect.cleandoc(text.split("\f")[0]).replace("\b\n", ""), ""] if text else []
