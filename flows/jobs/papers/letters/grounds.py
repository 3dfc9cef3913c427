"""The legal grounds that papers lean on, each with the days and routes for which it stands."""

from datetime import date
from typing import Any, NamedTuple

from states.vocabulary import Authority, Route
from states.words import format_date_long


class Ground(NamedTuple):
    """One line of "Căn cứ": on which days it stands, for which route and which issuer (all when none is named)."""

    words: str
    since: date
    until: date = date.max
    route: Route | None = None
    issuer: Authority | None = None
    verified: bool = True

    def stands(self, on: date, route: Route, issuer: Authority) -> bool:
        return self.since <= on <= self.until and self.route in (None, route) and self.issuer in (None, issuer)


_COUNCILS = "Luật Tổ chức chính quyền địa phương"
#: Basis: domain notes §1.1 (seen on legal portals), 3082/QĐ-UBND for the law of 2015 with its changes of 2019. The
#: province's own resolutions stand in its templates.
GROUNDS = (
    Ground(f"{_COUNCILS} ngày 19 tháng 6 năm 2015", date(2016, 1, 1), date(2025, 2, 28), issuer=Authority.PROVINCE),
    Ground(
        f"Luật sửa đổi, bổ sung một số điều của Luật Tổ chức Chính phủ và {_COUNCILS} ngày 22 tháng 11 năm 2019",
        date(2020, 7, 1),
        date(2025, 2, 28),
        issuer=Authority.PROVINCE,
    ),
    # The days of the two laws of 2025 (65/2025/QH15, 72/2025/QH15) were read in reports about them.
    Ground(
        f"{_COUNCILS} ngày 19 tháng 02 năm 2025",
        date(2025, 3, 1),
        date(2025, 6, 15),
        issuer=Authority.PROVINCE,
        verified=False,
    ),
    Ground(f"{_COUNCILS} ngày 16 tháng 6 năm 2025", date(2025, 6, 16), issuer=Authority.PROVINCE, verified=False),
    # The day on which it came into force is from recollection.
    Ground(
        "Nghị định số 40/2025/NĐ-CP ngày 26 tháng 02 năm 2025 của Chính phủ quy định chức năng, nhiệm vụ, quyền hạn "
        "và cơ cấu tổ chức của Bộ Công Thương",
        date(2025, 3, 1),
        issuer=Authority.MINISTRY,
        verified=False,
    ),
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
        route=Route.NATIONAL,
    ),
    Ground(
        "Thông tư số 28/2018/TT-BTC ngày 28 tháng 3 năm 2018 của Bộ trưởng Bộ Tài chính về kinh phí khuyến công",
        date(2018, 5, 11),
    ),
)
#: What the province decided binds no body above it.
_ABOVE_THE_PROVINCE = frozenset({Authority.MINISTRY, Authority.AGENCY})


def grounds(route: Route, on: date, issuer: Authority, programme: dict[str, Any]) -> tuple[list[str], list[str]]:
    """What a paper of this day, route and issuer leans on, with the programme; and what of that was not checked."""
    standing = [ground for ground in GROUNDS if ground.stands(on, route, issuer)]
    law = [f"Căn cứ {ground.words}" for ground in standing]
    doubts = [f"Căn cứ chưa kiểm chứng: {ground.words}." for ground in standing if not ground.verified]
    if programme["number"] and issuer not in _ABOVE_THE_PROVINCE:
        law.append(decided(*_programme(programme)) + f" về {programme['name']}")
        if not programme["verified"]:
            doubts.append(f"Căn cứ chưa kiểm chứng: Quyết định số {programme['number']} về {programme['name']}.")
    return law, doubts


def _programme(programme: dict[str, Any]) -> tuple[str, date | None, str]:
    issued_on = date.fromisoformat(programme["issued_on"]) if programme["issued_on"] else None
    # The abbreviation of the register's file is no name for a paper.
    issuer = programme["issuer"].replace("UBND ", "Ủy ban nhân dân ")
    return f"Quyết định số {programme['number']}", issued_on, issuer


def decided(number: str, on: date | None, body: str) -> str:
    """The ground that an earlier decision or contract is; a day that is not known is left to be filled in."""
    day = format_date_long(on) if on else "ngày … tháng … năm …"
    return f"Căn cứ {number} {day}{f' của {body}' if body else ''}"
