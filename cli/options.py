"""Options that many commands share, so that each means the same everywhere."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from cli.typed import CODE, DAY, line, whole_number

Function = TypeVar("Function", bound=Callable[..., Any])
Decorator = Callable[[Function], Function]

by_writer = click.option(
    "--by", metavar="MÃ", type=line("Mã người ghi"), help="Người ghi (mã người dùng); bỏ trống thì lấy DEAN_BY."
)
by_reader = click.option(
    "--by", metavar="MÃ", type=line("Mã người xem"), help="Xem trong phạm vi của người này; bỏ trống thì lấy DEAN_BY."
)
as_json = click.option("--json", "as_json", is_flag=True, help="In JSON (UTF-8, số tiền là số nguyên đồng, ngày ISO).")
project_code = click.argument("code", metavar="MÃ", type=CODE, help="Mã đề án, ví dụ KC-VL-2024-007.")
decided_on = click.option("--decided-on", metavar="NGÀY", type=DAY, help="Ngày trên văn bản (dd/mm/yyyy hoặc ISO).")
number = click.option("--number", metavar="SỐ", type=line("Số văn bản"), default=None, help="Số văn bản.")
signer = click.option("--signer", metavar="HỌ TÊN", type=line("Người ký"), default=None, help="Người ký văn bản.")
note = click.option("--note", metavar="CHỮ", type=line("Lý do"), default=None, help="Lý do hoặc ghi chú.")

override = click.option(
    "--override",
    metavar="LÝ DO",
    type=line("Lý do vượt định mức"),
    default=None,
    help="Lý do hỗ trợ vượt định mức; văn bản của bước (--number) là căn cứ cho phép.",
)


def paging(function: Function) -> Function:
    """Add --limit and --offset."""
    function = click.option(
        "--offset",
        metavar="N",
        type=whole_number("Số dòng bỏ qua", 0, 2**62),
        default=0,
        help="Bỏ qua N dòng đầu (xem trang sau).",
    )(function)
    return click.option(
        "--limit",
        metavar="N",
        type=whole_number("Số dòng", 1, 1000),
        default=50,
        help="Số dòng nhiều nhất của một trang (mặc định 50).",
    )(function)
