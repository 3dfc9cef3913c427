"""Options for what a project says in words and figures, the same for a dossier and for a request to change it."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from cli.typed import AMOUNT, DAY, ROW_ID, TARGET_QUANTITY, line

Function = TypeVar("Function", bound=Callable[..., Any])

_WRITTEN = (
    click.option(
        "--equipment",
        metavar="TÊN",
        type=line("Tên máy móc, thiết bị"),
        help="Tên máy móc, thiết bị, sản phẩm được hỗ trợ; dùng để dò trùng hỗ trợ.",
    ),
    click.option("--place", metavar="MÃ", type=line("Mã địa bàn"), help="Địa điểm (dean place list)."),
    click.option("--partner", metavar="CHỮ", type=line("Đơn vị phối hợp"), help="Đơn vị phối hợp."),
    click.option("--objectives", metavar="CHỮ", type=line("Mục tiêu"), help="Mục tiêu."),
    click.option("--scope", metavar="CHỮ", type=line("Quy mô, nội dung"), help="Quy mô, nội dung."),
    click.option("--starts-on", metavar="NGÀY", type=DAY, help="Ngày bắt đầu thực hiện."),
    click.option("--ends-on", metavar="NGÀY", type=DAY, help="Ngày kết thúc thực hiện."),
    click.option("--total-cost", metavar="TIỀN", type=AMOUNT, help="Tổng kinh phí."),
    click.option(
        "--beneficiary",
        "beneficiaries",
        metavar="SỐ",
        type=ROW_ID,
        multiple=True,
        # A number typed twice names one beneficiary once.
        callback=lambda _ctx, _param, ids: tuple(dict.fromkeys(ids)),
        help="Số của đơn vị thụ hưởng (dean beneficiary list); ghi nhiều lần được.",
    ),
)


def written_options(function: Function) -> Function:
    """Add the options for machine, place, partner, objectives, scope, days, cost and beneficiaries."""
    for option in reversed(_WRITTEN):
        function = option(function)
    return function


def target_option(text: str) -> Callable[[Function], Function]:
    """The option --target; `text` says what the quantities are."""
    return click.option("--target", "targets", metavar="CHỈ TIÊU=SỐ", type=TARGET_QUANTITY, multiple=True, help=text)
