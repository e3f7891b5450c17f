"""The command line's reference page, made from the Typer app itself, so that it cannot drift. Pure."""

import inspect
from typing import Any

import click
import typer


def reference(app: typer.Typer, program: str = "foursteps") -> str:
    """The page, in MyST Markdown: each command with its synopsis, its help, its arguments and options."""
    root = typer.main.get_command(app)
    lines = [
        "# Command line",
        "",
        f"Every `{program}` command. This page is made from the program itself while the book is built.",
        "",
    ]
    lines += _prose(root.help)
    for path, command in _commands(root, (program,)):
        lines += _section(path, command)
    return "\n".join(lines).rstrip() + "\n"


def _commands(group: Any, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], Any]]:
    """The visible commands below `group`, each with the words that call it, in the program's order."""
    found: list[tuple[tuple[str, ...], Any]] = []
    for word, command in getattr(group, "commands", {}).items():
        if command.hidden:
            continue
        if getattr(command, "commands", None):
            found += _commands(command, (*path, word))
        else:
            found.append(((*path, word), command))
    return found


def _section(path: tuple[str, ...], command: Any) -> list[str]:
    context = click.Context(command, info_name=" ".join(path))
    usage = " ".join([" ".join(path), *(_metavars(command, context))])
    lines = [f"## {' '.join(path)}", "", "```text", usage, "```", ""]
    lines += _prose(command.help)
    rows = []
    for parameter in command.get_params(context):
        record = _record(parameter, context)
        if record:
            rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in record) + " |")
    if rows:
        lines += ["| name | what it does |", "|---|---|", *rows, ""]
    return lines


def _metavars(command: Any, context: click.Context) -> list[str]:
    return command.collect_usage_pieces(context)


def _record(parameter: Any, context: click.Context) -> tuple[str, str] | None:
    if getattr(parameter, "hidden", False):
        return None
    if parameter.param_type_name == "argument":
        names, text = parameter.make_metavar(context), getattr(parameter, "help", "") or ""
    else:
        record = parameter.get_help_record(context)
        if record is None:
            return None
        names, text = record
    return f"`{' '.join(names.split())}`", " ".join(text.split())


def _prose(text: str | None) -> list[str]:
    """Help text as paragraphs; click marks with `\\b` and `\\f` what is not for a page."""
    if not text:
        return []
    cleaned = inspect.cleandoc(text.split("\f")[0]).replace("\b\n", "")
    return [cleaned, ""]
