"""Every command and option explains itself in Vietnamese, and asking for help loads next to nothing."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import click
import pytest

from cli.lazy import LazyGroup
from cli.main import dean as root
from cli.reference import command_reference


def _tree(command: click.Command, ctx: click.Context) -> Iterator[tuple[click.Command, click.Context]]:
    yield command, ctx
    if isinstance(command, click.Group):
        for name in command.list_commands(ctx):
            below = command.get_command(ctx, name)
            assert below is not None
            yield from _tree(below, click.Context(below, info_name=name, parent=ctx))


TREE = {ctx.command_path: (command, ctx) for command, ctx in _tree(root, click.Context(root, info_name="dean"))}


@pytest.mark.parametrize("path", TREE)
def test_every_command_and_parameter_has_help(path: str) -> None:
    command, _ = TREE[path]

    assert command.help
    silent = [parameter.name for parameter in command.params if not getattr(parameter, "help", None)]
    assert silent == []


@pytest.mark.parametrize("path", TREE)
def test_help_pages_speak_vietnamese(path: str) -> None:
    command, ctx = TREE[path]

    page = command.get_help(ctx)

    assert page.startswith(f"Cách dùng: {path} ")
    english = ("Usage", "Options", "Commands", "Positional", "required", "default:", "Show this", "ARGS")
    assert [word for word in english if word in page] == []


@pytest.mark.parametrize("path", [path for path, (command, _) in TREE.items() if isinstance(command, LazyGroup)])
def test_the_list_of_commands_says_what_each_command_says_itself(path: str) -> None:
    group, ctx = TREE[path]
    assert isinstance(group, LazyGroup)

    listed = {name: lazy.short_help for name, lazy in group.lazy.items()}
    own = {name: command.get_short_help_str(limit=200) for name in listed if (command := group.get_command(ctx, name))}

    assert listed == own


def test_the_reference_lists_every_command_once() -> None:
    commands = [path for path, (command, _) in TREE.items() if not isinstance(command, click.Group)]

    rows = command_reference().splitlines()[2:]

    assert len(rows) == len(commands)
    assert [any(row.startswith(f"| `{path}") for row in rows) for path in commands] == [True] * len(commands)


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["words", "300tr"],
        ["lifecycle"],
        ["project", "--help"],
        ["advance", "--help"],
        ["contract", "--help"],
        ["adjust", "request", "--help"],
    ],
)
def test_light_commands_do_not_load_the_database(words: list[str]) -> None:
    script = (
        "import sys; from cli.main import dean\n"
        "try: dean.main(sys.argv[1:])\n"
        "except SystemExit as ended: assert not ended.code\n"
        "heavy = {'sqlalchemy', 'sqlmodel', 'pydantic', 'alembic', 'prefect', 'apprise'} & set(sys.modules)\n"
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )

    ran = subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, check=False)

    assert (ran.returncode, ran.stderr) == (0, "")


def test_help_stands_where_no_command_is_named(dean: Any) -> None:
    asked, bare = dean("--help"), dean()

    assert (asked.code, bare.code) == (0, 2)
    assert asked.out == bare.err
