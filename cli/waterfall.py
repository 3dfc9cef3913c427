"""`dean waterfall`: the money of a project, a contract, a plan year or a programme, from the wish to the last đồng."""

from datetime import date
from typing import Any

import click

from cli.door import open_desk
from cli.lazy import Command
from cli.options import as_json, by_reader
from cli.output import print_json
from cli.typed import CODE, DAY, ROUTE, YEAR, line
from states.vocabulary import Route


@click.command(cls=Command)
@click.argument("code", metavar="MÃ", type=CODE, required=False, help="Mã đề án, ví dụ KC-VL-2024-007.")
@click.option("--contract", metavar="SỐ", type=line("Số hợp đồng"), help="Của một hợp đồng; trùng số thì thêm --year.")
@click.option("--year", metavar="NĂM", type=YEAR, help="Của một năm kế hoạch; đi với --contract là năm ký.")
@click.option("--route", metavar="TUYẾN", type=ROUTE, help="Chỉ một tuyến của năm: local hoặc national.")
@click.option("--programme", metavar="MÃ", type=line("Mã chương trình"), help="Của một chương trình.")
@click.option("--entries", is_flag=True, help="Kèm từng khoản tiền của đề án: ngày, bước, số văn bản.")
@click.option("--as-of", metavar="NGÀY", type=DAY, help="Ngày tính kỳ nộp trả quá hạn; bỏ trống thì lấy hôm nay.")
@by_reader
@as_json
def waterfall(
    code: str | None,
    contract: str | None,
    year: int | None,
    route: Route | None,
    programme: str | None,
    entries: bool,
    as_of: date | None,
    by: str | None,
    as_json: bool,
) -> None:
    """Xem dòng tiền từ đề nghị đến quyết toán của đề án, hợp đồng, năm hoặc chương trình.

    Đã khép là khi phê duyệt sau điều chỉnh = quyết toán + hủy dự toán, và tạm ứng + thanh toán = quyết toán + thu hồi.
    """
    from cli.money import print_waterfall
    from models import waterfall as money

    _refuse_unclear(code, contract, year, route, programme, of_project_only=entries or as_of is not None)
    with open_desk() as desk, desk.reading(by) as view:
        reading: dict[str, Any] = {"reader": view.reader}
        several = reading | {"with_projects": as_json or contract is not None}
        if code is not None:
            found = money.project_waterfall(view.session, code, as_of=as_of or desk.today, **reading)
        elif contract is not None:
            found = money.contract_waterfall(view.session, contract, signed_in=year, **several)
        elif programme is not None:
            found = money.programme_waterfall(view.session, programme, **several)
        else:
            assert year is not None
            found = money.year_waterfall(view.session, year, route=route, **several)
    if as_json:
        print_json(found)
    else:
        print_waterfall(found, with_entries=entries)


def _refuse_unclear(
    code: str | None,
    contract: str | None,
    year: int | None,
    route: Route | None,
    programme: str | None,
    *,
    of_project_only: bool,
) -> None:
    """Exactly one thing is asked about; a year beside a contract only tells contracts of one number apart."""
    ctx = click.get_current_context()
    asked = [code, contract, programme, None if contract else year]
    if sum(each is not None for each in asked) != 1:
        raise click.UsageError("Hãy ghi đúng một: MÃ đề án, --contract, --year hoặc --programme.", ctx)
    if route is not None and (year is None or contract is not None):
        raise click.UsageError("--route chỉ đi với --year.", ctx)
    if of_project_only and code is None:
        raise click.UsageError("--entries và --as-of chỉ đi với MÃ đề án.", ctx)
