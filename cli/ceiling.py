"""`dean ceiling`: how much support is allowed, on what basis, and whether the place may be supported."""

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from cli.calendar import warn
from cli.in_force import rules_in_force
from cli.lazy import Command
from cli.options import as_json
from cli.output import print_fields, print_heading, print_json
from cli.typed import AMOUNT, DAY, ROUTE, Typed, line, whole_number
from states.activities import Activity, read_activity
from states.ceilings import Ceiling, ceiling
from states.eligibility import Eligibility, eligibility
from states.vocabulary import Route
from states.words import format_date, format_dong

if TYPE_CHECKING:
    from cli.in_force import InForce


@click.command("ceiling", cls=Command)
@click.argument(
    "activity", metavar="HOẠT ĐỘNG", type=Typed("hoạt động", read_activity), help="Mã hoặc tên, ví dụ machinery."
)
@click.option("--cost", metavar="TIỀN", required=True, type=AMOUNT, help="Chi phí làm căn cứ tính tỷ lệ.")
@click.option("--ask", metavar="TIỀN", required=True, type=AMOUNT, help="Số đề nghị hỗ trợ.")
@click.option("--route", metavar="TUYẾN", type=ROUTE, default="local", help="local (mặc định) hoặc national.")
@click.option("--on", "day", metavar="NGÀY", type=DAY, help="Ngày quyết định phê duyệt; bỏ trống là hôm nay.")
@click.option("--place", metavar="MÃ", type=line("Mã địa bàn"), help="Xét thêm địa bàn có được hỗ trợ không.")
@click.option(
    "--quantity",
    metavar="N",
    type=whole_number("Số lượng", 1, 10_000),
    default=1,
    help="Số cơ sở, mô hình… được hưởng.",
)
@click.option("--approved-on", metavar="NGÀY", type=DAY, help="Ngày đề án đã được phê duyệt trước đó, để xét địa bàn.")
@click.option("--city-grade", metavar="LOẠI", type=whole_number("Loại đô thị", 0, 3), help="Loại của thành phố cũ.")
@click.option("--craft-village/--no-craft-village", default=None, help="Cơ sở có ở làng nghề được công nhận không.")
@as_json
def ceiling_(
    activity: Activity,
    cost: int,
    ask: int,
    route: Route,
    day: date | None,
    place: str | None,
    quantity: int,
    as_json: bool,
    **about_place: Any,
) -> None:
    """Tính mức hỗ trợ tối đa và so với số đề nghị.

    Mức là số nhỏ hơn giữa tỷ lệ của chi phí và mức trần, tính bằng đồng, làm tròn xuống.
    """
    with rules_in_force() as rules:
        on = day or rules.today
        book = rules.book
        found = ceiling(
            book.ceilings,
            activity,
            cost=cost,
            ask=ask,
            route=route,
            on=on,
            jurisdiction=book.jurisdiction,
            quantity=quantity,
        )
        where = None if place is None else _eligible(rules, place, on, **about_place)
    if as_json:
        print_json(_answer(found, activity, cost, ask, route, on) | ({"eligibility": where[1]} if where else {}))
        return
    _print(found, activity, cost, ask, route, on)
    if where:
        _print_eligibility(*where)


def _eligible(
    rules: "InForce",
    code: str,
    on: date,
    *,
    approved_on: date | None,
    city_grade: int | None,
    craft_village: bool | None,
) -> tuple[str, dict[str, Any]]:
    """The place's full name, and whether support may go there."""
    from models.queries.places import beneficiary_place

    name, place = beneficiary_place(rules.session, code, city_grade=city_grade, craft_village=craft_village)
    found: Eligibility = eligibility(place, on=on, approved_on=approved_on)
    answer = {"eligible": found.eligible, "basis": found.basis, "warnings": list(found.warnings), "place": code}
    return name, answer


def _answer(found: Ceiling, activity: Activity, cost: int, ask: int, route: Route, on: date) -> dict[str, Any]:
    return {
        "activity": activity,
        "label": activity.label,
        "route": route,
        "on": on.isoformat(),
        "cost": cost,
        "ask": ask,
        "quantity": found.quantity,
        "allowed": found.allowed,
        "over": found.over,
        "ok": found.ok,
        "percent": found.percent,
        "cap": found.cap,
        "per": found.per,
        "base": found.base,
        "level": found.level,
        "rule": found.rule_id,
        "basis": found.basis,
        "jurisdiction": found.jurisdiction,
        "condition": found.condition,
        "verified": found.verified,
        "warnings": list(found.warnings),
    }


def _print(found: Ceiling, activity: Activity, cost: int, ask: int, route: Route, on: date) -> None:
    verdict = {True: "trong định mức", False: "vượt định mức"}[found.ok] if found.allowed is not None else "chưa rõ"
    print_fields(
        (
            ("Hoạt động", activity.label),
            ("Tuyến", route.label),
            ("Ngày quyết định", format_date(on)),
            ("Chi phí", format_dong(cost)),
            ("Đề nghị", f"{format_dong(ask)}: {verdict}"),
            ("Mức tối đa", None if found.allowed is None else format_dong(found.allowed)),
            ("Vượt", format_dong(found.over) if found.over else None),
            ("Định mức", found.level and f"{found.level} ({found.rule_id})"),
            ("Căn cứ", found.basis and (found.basis if found.verified else f"{found.basis} (chưa kiểm chứng)")),
            ("Điều kiện", found.condition),
        )
    )
    warn(found.warnings)


def _print_eligibility(name: str, found: dict[str, Any]) -> None:
    print_heading(f"Địa bàn: {name}")
    verdict = {True: "được hỗ trợ", False: "không thuộc địa bàn được hỗ trợ", None: "chưa kết luận được"}
    click.echo(f"  {verdict[found['eligible']]} ({found['basis']})")
    warn(found["warnings"])
