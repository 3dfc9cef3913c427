"""How a command hands a file over: in which form, into which file or stream, and never over one that is there."""

import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.typed import whole_number
from states.folding import quoted
from states.refusal import Refused

if TYPE_CHECKING:
    from flows.jobs.papers.tables.frame import Table

FORMS = {
    "xlsx": "Dạng Excel, in được ngay (mặc định).",
    "csv": "Dạng CSV (UTF-8): một dòng đầu, không có dòng cộng.",
    "pdf": "Dạng PDF khổ A4 ngang.",
    "json": "Dạng JSON cho chương trình; không ghi --output thì in ra stdout.",
}
STDOUT = "-"


@dataclass(frozen=True, slots=True)
class Target:
    """In which form and where a table goes; `part` counts from 1."""

    form: str
    output: str | None
    force: bool
    part: int


def handed_over(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of form and place; the command gets them as `to`."""

    @wraps(function)
    def command(*args: Any, output: str | None, force: bool, part: int, **typed: Any) -> Any:
        chosen = [form for form in FORMS if typed.pop(f"as_{form}")]
        return function(*args, to=Target(_form(chosen, output), output, force, part), **typed)

    part = whole_number("Phần", 1, 99)
    options: list[Any] = [
        *(click.option(f"--{form}", f"as_{form}", is_flag=True, help=told) for form, told in FORMS.items()),
        click.option("--output", metavar="TỆP", help="Ghi vào tệp hoặc thư mục này; - là in ra stdout."),
        click.option("--force", is_flag=True, help="Ghi đè tệp đã có."),
        click.option(
            "--part", metavar="N", type=part, default=1, help="Với --csv: phần thứ mấy của biểu (mặc định 1)."
        ),
    ]
    decorated: Any = command
    for option in reversed(options):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]


def _form(chosen: list[str], output: str | None) -> str:
    """The form that is named, else that of the file's name, else Excel."""
    if len(chosen) > 1:
        flags = ", ".join(f"--{form}" for form in FORMS)
        raise click.UsageError(f"Hãy chọn một dạng: {flags}.", click.get_current_context())
    named = Path(output).suffix.removeprefix(".").lower() if output else ""
    return chosen[0] if chosen else named if named in FORMS else "xlsx"


def to_file(table: "Table", to: Target) -> None:
    """Write a table where it is wanted. Raises Refused where a file is already there."""
    from flows.jobs.papers.tables.frame import Form, pieces

    form = Form(to.form)
    output = STDOUT if form is Form.JSON and to.output is None else to.output
    saved(pieces(table, form, to.part - 1), table.file_name(form), output, force=to.force)


def saved(content: Iterable[bytes], name: str, output: str | None, *, force: bool) -> None:
    """Write pieces into a file, whole or not at all, and say where it is; `-` writes them to stdout.

    Raises Refused where a file of that name is already there, and for letters that a terminal cannot show.
    """
    if output == STDOUT:
        stream = sys.stdout.buffer
        if sys.stdout.isatty() and not name.endswith((".json", ".csv", ".ics")):
            raise Refused("Tệp này không in ra màn hình được; hãy chuyển stdout vào tệp hoặc bỏ --output -.")
        for piece in content:
            stream.write(piece)
        stream.flush()
        return
    path = Path(output) if output else Path(name)
    if path.is_dir():
        path = path / name
    if path.exists() and not force:
        raise Refused(f"Đã có tệp {quoted(str(path))}; hãy ghi tên khác (--output) hoặc thêm --force để ghi đè.")
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with draft.open("wb") as file:
            for piece in content:
                file.write(piece)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    click.echo(f"Đã ghi {path}")
