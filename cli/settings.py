"""`dean settings`: what is in force, and where it comes from."""

import os
from typing import TYPE_CHECKING, Any

import click

from cli.door import read_settings
from cli.lazy import Command
from cli.options import as_json
from cli.output import Column, print_json, print_table

if TYPE_CHECKING:
    from flows.jobs.settings import Settings

HIDDEN = "(đã đặt, không in)"


@click.command(cls=Command)
@as_json
def settings(as_json: bool) -> None:
    """Xem cấu hình đang dùng và nguồn của nó.

    Mật khẩu và địa chỉ có thể chứa mật khẩu không bao giờ được in.
    """
    values = read_settings()
    rows = [_row(values, name) for name in type(values).model_fields]
    if as_json:
        print_json({"settings": rows, "database": _database(values)})
        return
    print_table(
        (Column("Biến"), Column("Giá trị", flexible=True), Column("Nguồn")),
        [(row["name"], row["value"], row["source"]) for row in rows],
    )
    click.echo(f"\nCơ sở dữ liệu đang dùng: {_database(values)}")


def _row(values: "Settings", name: str) -> dict[str, Any]:
    from pydantic import SecretStr

    value = getattr(values, name)
    if isinstance(value, SecretStr):
        value = HIDDEN
    shown = value if value is None or isinstance(value, bool) else str(value)
    return {"name": f"DEAN_{name.upper()}", "value": shown, "source": _source(values, name)}


def _source(values: "Settings", name: str) -> str:
    if any(key.upper() == f"DEAN_{name.upper()}" for key in os.environ):
        return "môi trường"
    return "tệp .env" if name in values.model_fields_set else "mặc định"


def _database(values: "Settings") -> str:
    from flows.jobs.settings import choose_database

    url, _ = choose_database(values)
    if values.database_url is not None:
        return f"theo DEAN_DATABASE_URL {HIDDEN}"
    return url.removeprefix("sqlite:///")
