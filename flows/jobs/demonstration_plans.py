"""The papers that cover many projects of the demonstration: registration letters, decisions, allotments."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flows.jobs.demonstration_days import draw, office_instant, workdays_later
from states.vocabulary import Authority, Route

#: The register was opened on a Monday, after Decision 3082/QĐ-UBND of 12/11/2020.
OPENED_ON = date(2020, 11, 16)
#: Two days before 22/01, when liquidation ends on the national route: something is left to do on the desk.
ENDED_ON = date(2026, 1, 20)
#: Since the merger of the provinces the numbers of the new office start again. Basis: 202/2025/QH15.
MERGED_ON = date(2025, 7, 1)
#: The agency took its present name. Basis: 40/2025/NĐ-CP; the day is a recollection (see bodies.yaml).
AGENCY_RENAMED_ON = date(2025, 3, 1)


@dataclass(frozen=True, slots=True)
class Letter:
    number: str
    issued_on: date


#: Registration with the agency by year of the plan. Basis: TT 17/2018/TT-BCT Điều 1 (before 20/6 of the year before).
#: The letter of 2020 is older than the register and was entered later, under its own date.
REGISTRATIONS: Mapping[int, Letter] = {
    2021: Letter("498/SCT-QLCN", date(2020, 6, 12)),
    2022: Letter("561/SCT-QLCN", date(2021, 6, 10)),
    2023: Letter("604/SCT-QLCN", date(2022, 6, 14)),
    2024: Letter("587/SCT-QLCN", date(2023, 6, 13)),
    2025: Letter("622/SCT-QLCN", date(2024, 6, 12)),
}


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision on a list of one route and year, and the one that later gave the money."""

    route: Route
    year: int
    number: str
    decided_on: date
    allotment: Letter

    @property
    def entered_on(self) -> date:
        return workdays_later(self.decided_on, draw(1, 3, self.number, self.decided_on))

    @property
    def entered_at(self) -> datetime:
        return office_instant(self.entered_on, self.number)

    @property
    def funds(self) -> Letter:
        """The treasury's notice that the money is here: days after the allotment, in some years months."""
        soon = workdays_later(self.allotment.issued_on, draw(4, 9, self.number, "funds"))
        arrived_on = _LATE_FUNDS.get((self.year, self.number), soon)
        return Letter(f"{draw(100, 990, self.number, 'notice')}/TB-KBNN", arrived_on)

    @property
    def other_provinces(self) -> int:
        """What the same annex gives to others, in đồng: a Minister's decision lists the whole country."""
        if self.route is Route.LOCAL:
            return 0
        return draw(60_000, 110_000, self.number, "other provinces") * 1_000_000


def _local(year: int, number: str, decided_on: date, allotment: str, allotted_on: date) -> Decision:
    return Decision(Route.LOCAL, year, f"{number}/QĐ-UBND", decided_on, Letter(f"{allotment}/QĐ-UBND", allotted_on))


def _national(year: int, number: str, decided_on: date, allotment: str, allotted_on: date) -> Decision:
    return Decision(Route.NATIONAL, year, f"{number}/QĐ-BCT", decided_on, Letter(f"{allotment}/QĐ-BCT", allotted_on))


#: In the order of their dates: the plan of the year first, then the supplementary one.
DECISIONS: tuple[Decision, ...] = (
    _national(2021, "655", date(2021, 3, 12), "852", date(2021, 4, 2)),
    _local(2021, "931", date(2021, 5, 14), "1127", date(2021, 6, 11)),
    _local(2021, "1468", date(2021, 7, 30), "1621", date(2021, 8, 20)),
    _national(2022, "3298", date(2021, 12, 24), "175", date(2022, 1, 20)),
    _national(2022, "951", date(2022, 4, 15), "1203", date(2022, 5, 13)),
    _local(2022, "980", date(2022, 5, 23), "1206", date(2022, 6, 22)),
    _local(2022, "1592", date(2022, 8, 16), "1781", date(2022, 9, 12)),
    _national(2023, "3187", date(2022, 12, 20), "104", date(2023, 1, 12)),
    _national(2023, "994", date(2023, 4, 20), "1236", date(2023, 5, 17)),
    _local(2023, "947", date(2023, 5, 16), "1145", date(2023, 6, 13)),
    _local(2023, "1551", date(2023, 8, 10), "1746", date(2023, 9, 7)),
    _national(2024, "3195", date(2023, 12, 21), "139", date(2024, 1, 16)),
    _local(2024, "940", date(2024, 5, 14), "1147", date(2024, 6, 12)),
    _local(2024, "1579", date(2024, 8, 13), "1774", date(2024, 9, 10)),
    _national(2025, "3186", date(2024, 12, 19), "121", date(2025, 1, 14)),
    _local(2025, "942", date(2025, 5, 15), "1138", date(2025, 6, 12)),
    _local(2025, "305", date(2025, 8, 14), "488", date(2025, 9, 9)),
)

#: When money came late: after the lockdown of 2021, and when the districts were dissolved in 2025.
#: "Money arrives late" is what reports complain of most. Basis: domain notes §2.2.
_LATE_FUNDS: Mapping[tuple[int, str], date] = {
    (2021, "1468/QĐ-UBND"): date(2021, 11, 24),
    (2023, "947/QĐ-UBND"): date(2023, 8, 29),
    (2024, "3195/QĐ-BCT"): date(2024, 5, 21),
    (2025, "305/QĐ-UBND"): date(2025, 11, 4),
}


def next_decision(route: Route, year: int, ready_on: date) -> Decision:
    """The first decision of the route and year that is signed after a project was ready for it."""
    return next(d for d in DECISIONS if d.route is route and d.year == year and d.decided_on > ready_on)


#: How many papers of its kind a body outside the department numbers per calendar day.
_PER_DAY: Mapping[Authority, int] = {
    Authority.FINANCE_DEPARTMENT: 11,
    Authority.PROVINCE: 7,
    Authority.AGENCY: 3,
    Authority.MINISTRY: 9,
}


def outside_number(authority: Authority, prefix: str, on: date, *names: object) -> str:
    """A number such as the body could have given on that day."""
    first = MERGED_ON if on >= MERGED_ON and authority in _PROVINCIAL else date(on.year, 1, 1)
    per_day = _PER_DAY[authority]
    serial = ((on - first).days + 1) * per_day - draw(0, per_day - 1, "number", prefix, on, *names)
    return f"{serial}/{prefix}-{letters(authority, on)}"


_PROVINCIAL = (Authority.FINANCE_DEPARTMENT, Authority.PROVINCE)


def letters(authority: Authority, on: date) -> str:
    """The abbreviation of a body in the numbers of its papers, as of a day."""
    if authority is Authority.AGENCY and on >= AGENCY_RENAMED_ON:
        return "ĐCK"
    return _LETTERS[authority]


_LETTERS: Mapping[Authority, str] = {
    Authority.DEPARTMENT: "SCT",
    Authority.FINANCE_DEPARTMENT: "STC",
    Authority.PROVINCE: "UBND",
    Authority.AGENCY: "CTĐP",
    Authority.MINISTRY: "BCT",
}

#: Who signs for the bodies outside the department. The names are invented.
SIGNERS: Mapping[Authority, str] = {
    Authority.FINANCE_DEPARTMENT: "Lưu Thị Cẩm Giang",
    Authority.PROVINCE: "Châu Quốc Thịnh",
    Authority.AGENCY: "Đinh Khắc Vũ",
    Authority.MINISTRY: "Tạ Hoàng Lân",
}
