"""The projects of a paper as its fields want them: words and amounts, each alone and all together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from models.loading import load_project
from models.queries import show_project
from models.queries.places import Gazetteer, gazetteer
from models.store import Session
from states.cash import cash
from states.facts import Facts, Person
from states.vocabulary import MoneyKind, Source
from states.words import amount_in_words_dong, format_date, format_number

#: Stands where the register knows nothing yet, to be filled in by hand.
BLANK = "…"
#: Of these nothing is an answer; a level that nobody has stated yet stays blank instead.

_FLOWS = ("prepaid", "paid", "payable", "to_recover", "counterpart", "total_cost")


@dataclass(frozen=True, slots=True)
class Member:
    """A project on a paper: its sheet, its facts, and its amounts in đồng; `support` is what this paper grants."""

    sheet: Mapping[str, Any]
    facts: Facts
    amounts: Mapping[str, int]
    places: Gazetteer

    def granting(self, support: int, counterpart: int | None = None) -> "Member":
        granted = {"support": support} | ({} if counterpart is None else {"counterpart": counterpart})
        return replace(self, amounts={**self.amounts, **granted})

    def values(self, on: date) -> dict[str, Any]:
        """The fields `project` of a paper of a day."""
        sheet = self.sheet
        return {
            "code": sheet["code"],
            "name": sheet["name"],
            "content": sheet["content"]["name"],
            "unit": sheet["unit"]["name"],
            "beneficiary": "; ".join(row["name"] for row in sheet["beneficiaries"]) or BLANK,
            "place": self.places.on_paper(self.facts.place_id, on.isoformat()) or BLANK,
            **{name: sheet[name] or BLANK for name in ("partner", "objectives", "scope", "equipment")},
            "time": _time(sheet),
            **told(self.amounts),
            "targets": [_target(row) for row in sheet["targets"]],
        }


def member(session: Session, code: str, reader: Person | None) -> Member:
    """Read one project for a paper. Raises Refused for one that the reader may not see."""
    sheet = show_project(session, code, reader=reader)
    facts = load_project(session, code).facts
    # The support of a paper is what stands approved unless its maker says otherwise.
    money = cash(facts)
    counterpart = next(
        (
            amount
            for amount in (facts.approved_now(Source.COUNTERPART), facts.amount(MoneyKind.ASKED, Source.COUNTERPART))
            if amount
        ),
        0,
    )
    amounts = {
        "asked": facts.amount(MoneyKind.ASKED),
        "appraised": facts.amount(MoneyKind.APPRAISED),
        **{name: money[name] for name in ("approved", "contracted", "prepaid", "accepted", "paid")},
        "payable": money["payable"] or 0,
        "to_recover": money["to_recover"] or 0,
        "counterpart": counterpart,
        "total_cost": sheet["total_cost"] or 0,
        "support": money["approved"],
    }
    return Member(sheet, facts, amounts, gazetteer(session))


def of_all(members: Iterable[Member], on: date) -> dict[str, Any]:
    """The fields `projects` and `total` of a paper of a day."""
    listed = list(members)
    names = listed[0].amounts if listed else {}
    sums = {name: sum(one.amounts[name] for one in listed) for name in names}
    return {
        "projects": [one.values(on) for one in listed],
        "total": {"projects": format_number(len(listed)), **told(sums)},
    }


def told(amounts: Mapping[str, int]) -> dict[str, str]:
    """Each amount in figures and in words."""
    known = {name: amount for name, amount in amounts.items() if amount or name in (*_FLOWS, "support")}
    figures = {name: format_number(known[name]) if name in known else BLANK for name in amounts}
    words = {f"{name}_words": amount_in_words_dong(known[name]) if name in known else BLANK for name in amounts}
    return figures | words


def day(iso: str | None) -> str:
    return format_date(date.fromisoformat(iso[:10])) if iso else BLANK


def _time(sheet: Mapping[str, Any]) -> str:
    if sheet["starts_on"] and sheet["ends_on"]:
        return f"từ {day(sheet['starts_on'])} đến {day(sheet['ends_on'])}"
    return f"năm {sheet['work_year']}"


def _target(row: Mapping[str, Any]) -> dict[str, str]:
    counted = {name: format_number(row[name]) if row[name] else BLANK for name in ("planned", "approved", "accepted")}
    return {"name": row["name"], "unit": row["unit"], **counted}
