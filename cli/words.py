"""`dean words`: an amount in words, as a decision prints it under the figures."""

import click

from cli.lazy import Command
from cli.options import as_json
from cli.output import print_json
from cli.typed import Typed
from states.reading import read_amount
from states.words import amount_in_words_dong


def _read(value: str) -> int:
    if value.startswith("--"):
        raise click.NoSuchOption(value, possibilities=["--json"])
    return read_amount(value)


# Without ignore_unknown_options a negative amount would be taken for an option and not refused as an amount.
@click.command(cls=Command, context_settings={"ignore_unknown_options": True})
@click.argument(
    "amount", metavar="SỐ TIỀN", type=Typed("số tiền", _read), help="Ví dụ 300000000, 300.000.000, 300tr hoặc 1,5 tỷ."
)
@as_json
def words(amount: int, as_json: bool) -> None:
    """Đọc số tiền thành chữ."""
    spelled = amount_in_words_dong(amount)
    if as_json:
        print_json({"amount": amount, "words": spelled})
    else:
        click.echo(spelled)
