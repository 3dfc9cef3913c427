"""The legal grounds that papers lean on, each with the days and routes for which it stands."""

from datetime import date
from typing import Any, NamedTuple

from states.vocabulary import Route
from states.words import format_date_long


class Ground(NamedTuple):
    """One line of "Căn cứ": since when it is in force, and for which routes (both when none is named)."""

    words: str
    since: date
    route: Route | None = None


#: Basis: domain notes §1.1 (seen on legal portals). The province's own resolutions stand in its templates.
GROUNDS = (
    Ground("Nghị định số 45/2012/NĐ-CP ngày 21 tháng 5 năm 2012 của Chính phủ về khuyến công", date(2012, 7, 5)),
    Ground(
        "Nghị định số 235/2025/NĐ-CP ngày 27 tháng 8 năm 2025 của Chính phủ sửa đổi, bổ sung một số điều của Nghị định "
        "số 45/2012/NĐ-CP",
        date(2025, 10, 15),
    ),
    Ground(
        "Thông tư số 36/2013/TT-BCT ngày 27 tháng 12 năm 2013 của Bộ trưởng Bộ Công Thương, được sửa đổi, bổ sung tại "
        "Thông tư số 17/2018/TT-BCT ngày 10 tháng 7 năm 2018",
        date(2018, 7, 10),
        Route.NATIONAL,
    ),
    Ground(
        "Thông tư số 28/2018/TT-BTC ngày 28 tháng 3 năm 2018 của Bộ trưởng Bộ Tài chính về kinh phí khuyến công",
        date(2018, 5, 11),
    ),
)


def grounds(route: Route, on: date, programme: dict[str, Any]) -> list[str]:
    """What a paper of this day and route leans on, with the programme; what was not checked says so."""
    law = [f"Căn cứ {g.words}" for g in GROUNDS if g.since <= on and g.route in (None, route)]
    if programme["number"]:
        unsure = "" if programme["verified"] else " (chưa kiểm chứng)"
        law.append(f"Căn cứ Quyết định số {programme['number']} phê duyệt {programme['name']}{unsure}")
    return law


def decided(number: str, on: date, body: str) -> str:
    """The ground that a decision or a contract before this paper is."""
    return f"Căn cứ {number} {format_date_long(on)}{f' của {body}' if body else ''}"
