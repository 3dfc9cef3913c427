"""What the pages of one yearly plan share: which plan is meant, its addresses, and its lines by content."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Path

from models.plan.choices import candidates_up_to
from models.plan.steps import Door
from models.status import programme_of_year
from models.store import Session
from states.refusal import Refused
from states.vocabulary import Role, Route, Source
from states.words import format_number
from web.desk import DOOR, Visit
from web.reasons import on_page
from web.rendering import address
from web.roles import PROVINCE

#: A year in an address; what lies outside was not meant.
Year = Annotated[int, Path(ge=2000, le=2100)]
#: So many candidates of a year are judged one by one for a look at them.
MOST_CANDIDATES = 2_000
#: Those whose office makes the plan.
PLANNERS = frozenset({Role.COORDINATOR, Role.LEADER})


@dataclass(frozen=True, slots=True)
class Which:
    """The plan of an address. `given` is the programme where the address names one."""

    programme: str
    year: int
    route: Route
    given: str = ""

    @property
    def key(self) -> tuple[str, int, Route]:
        return self.programme, self.year, self.route

    def at(self, sub: str = "", **query: Any) -> str:
        """An address of this plan."""
        return address(f"/plans/{self.year}/{self.route}{sub}", programme=self.given, **query)


def which_plan(session: Session, year: int, route: Route, programme: str = "") -> Which:
    """Find the programme of a year, or take the one that the address names. Raises Refused where it is not one."""
    return Which(programme_of_year(session, year, programme or None), year, route, programme)


def has_too_many(session: Session, which: Which) -> bool:
    """Has the year more candidates than a page can judge one by one?"""
    return not candidates_up_to(session, which.programme, which.year, MOST_CANDIDATES)


def refuse_too_many(session: Session, which: Which) -> None:
    """Raise Refused for a year whose candidates no page can list; the terminal has the time for them."""
    if has_too_many(session, which):
        raise Refused(
            f"Năm {which.year} có hơn {format_number(MOST_CANDIDATES)} đề án nên trang không xét từng đề án được; hãy "
            f"nhờ quản trị làm bằng lệnh dean plan trên máy chủ, hoặc lọc ở trang Đề án."
        )


def door_of(visit: Visit) -> Door:
    """How a step of this visit is signed."""
    return Door(visit.person, visit.at, DOOR)


def sees_all(visit: Visit) -> bool:
    """Does the visitor see every project? A part of a plan has no totals and no forks."""
    return visit.person.role in PROVINCE


def frame(visit: Visit, which: Which, tab: str = "", **values: Any) -> dict[str, Any]:
    """What the frame of every page of a plan shows; `tab` is the part that the page belongs to."""
    tabs = [("", "Danh mục"), ("/ranking", "Xếp hạng")]
    # Who took which step, and the versions left behind, are for those who see the whole plan.
    tabs += [("/forks", "Phương án"), ("/suggest", "Đề xuất"), ("/versions", "Phiên bản")] if sees_all(visit) else []
    return {
        "which": which,
        "here": which.at(tab),
        "tabs": [(which.at(sub), label) for sub, label in tabs],
        "sources": list(Source),
        "sees_all": sees_all(visit),
        "plans": visit.person.role in PLANNERS,
        "say": on_page,
        "source_label": lambda code: Source(code).label,
        **values,
    }


def grouped(lines: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Lines by content with their sums in đồng; each line gets its number in the whole list."""
    groups: dict[int, dict[str, Any]] = {}
    numbered = sorted(lines, key=lambda line: line["content"])
    for number, line in enumerate(numbered, start=1):
        nothing = dict.fromkeys(map(str, Source), 0)
        head = {"no": line["content"], "name": line["content_name"], "money": nothing, "total": 0, "cost": 0}
        group = groups.setdefault(line["content"], head | {"lines": []})
        group["lines"].append({**line, "number": number})
        group["cost"] += line["total_cost"]
        for source, amount in line["money"].items():
            group["money"][source] += amount
            group["total"] += amount
    return list(groups.values())


def added(groups: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The sum under all groups."""
    listed = list(groups)
    return {
        "lines": sum(len(group["lines"]) for group in listed),
        "money": {source: sum(group["money"][source] for group in listed) for source in map(str, Source)},
        "total": sum(group["total"] for group in listed),
        "cost": sum(group["cost"] for group in listed),
    }
