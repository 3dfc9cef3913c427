"""The list of commands as the README shows it: generated, so that it cannot be wrong."""

from collections.abc import Iterator

import click

from cli.main import dean


def command_reference() -> str:
    """A Markdown table of every command with its arguments and its one-line help."""
    rows = [f"| `{usage}` | {text} |" for usage, text in _commands(dean, click.Context(dean, info_name="dean"))]
    return "\n".join(["| Lệnh | Việc |", "|---|---|", *rows])


def _commands(group: click.Group, ctx: click.Context) -> Iterator[tuple[str, str]]:
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        assert command is not None
        below = click.Context(command, info_name=name, parent=ctx)
        if isinstance(command, click.Group):
            yield from _commands(command, below)
        else:
            arguments = [p.make_metavar(below) for p in command.params if isinstance(p, click.Argument)]
            # A bar would end the cell of the table.
            usage = " ".join([below.command_path, *arguments]).replace("|", "/")
            yield usage, command.get_short_help_str(limit=200)
