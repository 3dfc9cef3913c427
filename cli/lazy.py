"""Click in Vietnamese: groups that import a command only when it is called, help pages, and usage sentences."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from importlib import import_module
from typing import Any, NamedTuple

import click

#: Click writes these into help records and nowhere lets them be set.
_MARKS = (("[required]", "[bắt buộc]"), ("; required]", "; bắt buộc]"), ("[default: ", "[mặc định: "))


class Command(click.Command):
    """A command whose help page is in Vietnamese."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"options_metavar": "[TÙY CHỌN]"} | kwargs))

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="Cách dùng: ")

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = [param.get_help_record(ctx) for param in self.params if isinstance(param, click.Argument)]
        if records:
            with formatter.section("Tham số"):
                formatter.write_dl([(name, text) for name, text in filter(None, records)])

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = [param.get_help_record(ctx) for param in self.get_params(ctx) if isinstance(param, click.Option)]
        with formatter.section("Tùy chọn"):
            formatter.write_dl([(name, _in_vietnamese(text)) for name, text in filter(None, records)])

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Xem hướng dẫn này."
        return option


def _in_vietnamese(text: str) -> str:
    for english, vietnamese in _MARKS:
        text = text.replace(english, vietnamese)
    return text


class Group(Command, click.Group):
    """A group of commands with its list in Vietnamese; commands keep the order in which they are written."""

    command_class = Command

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"subcommand_metavar": "LỆNH …"} | kwargs))

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        Command.format_options(self, ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Lệnh"):
            formatter.write_dl([(name, self.short_help_of(ctx, name)) for name in self.list_commands(ctx)])

    def short_help_of(self, ctx: click.Context, name: str) -> str:
        command = self.get_command(ctx, name)
        assert command is not None
        return command.get_short_help_str(limit=200)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Say what was meant, where click would only say that there is no such command."""
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            near = get_close_matches(args[0], self.list_commands(ctx), n=3, cutoff=0.5)
            meant = f"; có phải {' hoặc '.join(f'“{name}”' for name in near)}?" if near else "."
            raise click.UsageError(f"Không có lệnh “{args[0]}”{meant}", ctx)
        return super().resolve_command(ctx, args)


class Lazy(NamedTuple):
    """Where a command is written (`module:name`), and the line that the list of commands shows of it."""

    place: str
    short_help: str


class LazyGroup(Group):
    """A group that lists its commands without importing them."""

    def __init__(self, *args: Any, lazy: Mapping[str, Lazy], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.lazy:
            return None
        module, _, name = self.lazy[cmd_name].place.partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def short_help_of(self, ctx: click.Context, name: str) -> str:
        return self.lazy[name].short_help


_EXTRA_ARGUMENTS = re.compile(r"Got unexpected extra arguments? \((?P<extra>.*)\)", re.DOTALL)


def usage_sentence(error: click.UsageError) -> str:
    """Say in Vietnamese what is wrong with the way a command was typed, and where to read how it is used."""
    page = f" Xem: {error.ctx.command_path} --help" if error.ctx else ""
    return f"{_what_is_wrong(error)}{page}"


def _what_is_wrong(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption):
        near = f"; có phải {' hoặc '.join(error.possibilities)}?" if error.possibilities else "."
        return f"Không có tùy chọn “{error.option_name}”{near}"
    if isinstance(error, click.MissingParameter):
        param = error.param
        if isinstance(param, click.Option):
            return f"Thiếu tùy chọn {max(param.opts, key=len)}: {param.help}"
        name = param.make_metavar(error.ctx) if param and error.ctx else ""
        return f"Thiếu tham số {name}."
    if isinstance(error, click.BadOptionUsage):
        if "does not take a value" in error.message:
            return f"Tùy chọn {error.option_name} không nhận giá trị."
        return f"Tùy chọn {error.option_name} cần một giá trị."
    if isinstance(error, click.BadParameter) and error.param is not None and error.ctx is not None:
        name = error.param.get_error_hint(error.ctx).replace("'", "")
        return f"{name}: {error.message}"
    extra = _EXTRA_ARGUMENTS.match(error.message)
    return f"Thừa tham số: {extra['extra']}." if extra else error.message
