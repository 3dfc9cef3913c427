"""Options that many commands share, so that each means the same everywhere."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from cli.typed import (
    AMOUNT,
    AUTHORITY,
    CODE,
    CONTENT,
    DAY,
    DAY_AMOUNT,
    FUND_AMOUNT,
    ROUTE,
    ROW_ID,
    STAGE,
    STATE,
    TARGET_QUANTITY,
    VERSION,
    YEAR,
    line,
    whole_number,
)

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

authority = click.option(
    "--authority", metavar="CƠ QUAN", type=AUTHORITY, help="Cơ quan quyết định, khi bước có nhiều lựa chọn."
)
seen = click.option(
    "--seen", "seen_version", metavar="PHIÊN BẢN", type=VERSION, help="Phiên bản đã xem; bị từ chối nếu nay đã khác."
)
fund_amounts = click.option(
    "--amount",
    "amounts",
    metavar="[NGUỒN=]TIỀN",
    type=FUND_AMOUNT,
    multiple=True,
    help="Số tiền; không ghi nguồn là vốn nhà nước của đề án. Ghi nhiều lần được.",
)
quantities = click.option(
    "--quantity",
    "quantities",
    metavar="CHỈ TIÊU=SỐ",
    type=TARGET_QUANTITY,
    multiple=True,
    help="Số lượng nghiệm thu của một chỉ tiêu, ví dụ T2_2=1.",
)
cost = click.option(
    "--cost", metavar="TIỀN", type=AMOUNT, help="Chi phí hợp lệ được nghiệm thu; chỉ ghi chi phí thì hỗ trợ tự tính."
)
progress = click.option(
    "--progress",
    metavar="N",
    type=whole_number("Tỷ lệ khối lượng", 0, 100),
    help="Phần trăm khối lượng đã hoàn thành, khi mức tạm ứng đòi hỏi.",
)
share = click.option(
    "--beneficiary",
    "beneficiary_id",
    metavar="SỐ",
    type=ROW_ID,
    help="Nghiệm thu phần của một đơn vị thụ hưởng (đề án nhóm).",
)
instalments = click.option(
    "--due",
    "instalments",
    metavar="NGÀY=TIỀN",
    type=DAY_AMOUNT,
    multiple=True,
    help="Kỳ hạn hoàn trả, ví dụ 30/09/2024=5tr; ghi nhiều lần được.",
)
signed_year = click.option("--year", metavar="NĂM", type=YEAR, help="Ký trong năm này.")
only_check = click.option("--check", is_flag=True, help="Chỉ tính và cho xem, không ghi gì.")
as_of = click.option("--as-of", metavar="NGÀY", type=DAY, help="Tính đến ngày này; bỏ trống là hôm nay.")

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


of_programme = click.option("--programme", metavar="MÃ", type=line("Mã chương trình"), help="Của một chương trình.")
_PROJECT_FILTERS = (
    of_programme,
    click.option("--year", metavar="NĂM", type=YEAR, help="Của một năm kế hoạch."),
    click.option("--state", metavar="TRẠNG THÁI", type=STATE, help="Mốc đã đạt: proposed, appraised, approved…"),
    click.option("--stage", metavar="GIAI ĐOẠN", type=STAGE, help="Giai đoạn đang ở: submitted, underway…"),
    click.option("--route", metavar="TUYẾN", type=ROUTE, help="Tuyến: local hoặc national."),
    click.option("--content", metavar="SỐ", type=CONTENT, help="Nội dung của chương trình, từ 1."),
    click.option("--unit", metavar="MÃ", type=line("Mã đơn vị"), help="Của một đơn vị thực hiện."),
    click.option("--place", metavar="MÃ", type=line("Mã địa bàn"), help="Trong một địa bàn, kể cả các xã cũ của nó."),
    click.option("--words", metavar="CHỮ", type=line("Từ khóa"), help="Có những chữ này, không cần dấu."),
)


def project_filters(function: Function) -> Function:
    """Add what narrows a list of projects, each under its own name."""
    for option in reversed(_PROJECT_FILTERS):
        function = option(function)
    return function
