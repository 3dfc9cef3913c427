"""Forks seen in figures, and two of them side by side: money, targets, and the load of duties per month."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from models.chain import plain
from models.loading import day_of
from models.plan.forks import PLAN, Fork, load_fork, shift_words
from models.plan.standing import Standing, held_lines, load_plan
from models.plan.versions import figures_of_lines, outer
from models.queries.scope import readable_by
from models.rulebook import rulebook
from states.facts import Person
from states.foreseeing import Foreseen, Planned, by_month, foresee, moved
from states.planning import ForkStatus
from states.refusal import Refused
from states.vocabulary import STATE_FUND, Route, Source, Stage
from states.words import format_dong

#: Their work is done, so what is left follows from a step and not from a plan.
_WORK_DONE = (Stage.ACCEPTED, Stage.SETTLING, Stage.SETTLED)


def fork_view(
    session: Session, programme: str, year: int, route: Route, name: str | None, *, reader: Person | None = None
) -> dict[str, Any]:
    """A fork in the shape of a kept plan, the plan as it stands for None, with `load` and `warnings`.

    `load` maps each month to its duties, `late` names projects whose work would end after the year. Raises Refused for
    an unknown fork and for a reader whose scope leaves out some projects: half a fork has no meaning.
    """
    if reader is not None and readable_by(reader).conditions:
        raise Refused(f"{reader.role.label} chỉ xem được một phần sổ, không xem phương án; hãy hỏi điều phối viên.")
    plan = load_plan(session, programme, year, route, lock=False)
    fork = None if name is None else load_fork(session, plan, name)
    held = plan.held if fork is None else {at: trial.amounts for at, trial in fork.trials.items()}
    lines = held_lines(session, plan.key, held)
    for line in lines:
        line["months"] = 0 if fork is None else fork.trials[line["id"]].months
        line["why"] = "" if fork is None else fork.trials[line["id"]].why
    found = figures_of_lines(session, plan.key, lines)
    duties = _duties(session, lines)
    return {
        **_head(plan, fork),
        "lines": [outer(line) | {"blockers": line["blockers"]} for line in lines],
        **found,
        "load": by_month(duties),
        "warnings": [*_over(found["envelope"]), *_late(lines, year), *_blocked(lines)],
    }


def _head(plan: Standing, fork: Fork | None) -> dict[str, Any]:
    return {
        "year": plan.key.year,
        "route": str(plan.route),
        "programme": {"code": plan.key.programme, "name": plan.key.programme_name},
        "fork": None if fork is None else fork.name,
        "name": PLAN if fork is None else fork.name,
        "status": str(plan.status if fork is None else fork.status),
        "status_label": (plan.status if fork is None else ForkStatus(fork.status)).label,
        "note": "" if fork is None else fork.note,
    }


def _duties(session: Session, lines: list[dict[str, Any]]) -> list[Foreseen]:
    book = rulebook(session)
    return [
        duty
        for line in lines
        if not line["ended"] and Stage(line["stage"]) not in _WORK_DONE
        for duty in foresee(_planned(line), book.rules, book.calendar)
    ]


def _planned(line: Mapping[str, Any]) -> Planned:
    route = Route(line["route"])
    return Planned(line["code"], route, day_of(line["starts_on"]), day_of(line["ends_on"]), line["months"])


def _over(envelope: list[dict[str, Any]]) -> list[str]:
    return [
        f"Vượt {format_dong(-row['remaining'])} {Source(row['source']).label} của nội dung {row['content']}."
        for row in envelope
        if row["remaining"] < 0 and row["this_year"] and row["source"] != Source.COUNTERPART
    ]


def _late(lines: list[dict[str, Any]], year: int) -> list[str]:
    told = []
    for line in lines:
        ends_on = day_of(line["ends_on"])
        if line["months"] and ends_on is not None and moved(ends_on, line["months"]).year > year:
            told.append(
                f"{line['code']}: {shift_words(line['months'])} thì xong sau 31/12/{year}; phải chuyển năm và chỉ tiêu"
                " tính khi nghiệm thu."
            )
    return told


def _blocked(lines: list[dict[str, Any]]) -> list[str]:
    return [f"{line['code']}: {reason}" for line in lines if not line["approved"] for reason in line["blockers"]]


# --- side by side -------------------------------------------------------------------------------------


def compare(
    session: Session,
    programme: str,
    year: int,
    route: Route,
    left: str | None,
    right: str | None,
    *,
    reader: Person | None = None,
) -> dict[str, Any]:
    """Two forks, or a fork and the plan (None), by projects, money, targets and duties per month.

    Each row has `left`, `right` and `change` (right less left; đồng, or the target's own unit). Raises Refused.
    """
    if left == right:
        raise Refused("Hai phương án là một; hãy nêu hai tên khác nhau.")
    one, other = (fork_view(session, programme, year, route, name, reader=reader) for name in (left, right))
    head = {name: one[name] for name in ("year", "route", "programme")}
    told = ("fork", "name", "status", "status_label", "note", "warnings")
    compared = {
        **head,
        "left": {name: one[name] for name in told},
        "right": {name: other[name] for name in told},
        "projects": _projects(one, other),
        "money": _money(one, other),
        "contents": _contents(one, other),
        "targets": _targets(one, other),
        "load": _load(one, other),
    }
    return plain(compared)  # type: ignore[no-any-return]


def _beside(left: int, right: int) -> dict[str, int]:
    return {"left": left, "right": right, "change": right - left}


def _projects(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Only what differs: in one of them alone, with other money, or at another time."""
    sides = [{line["code"]: line for line in side["lines"]} for side in (one, other)]
    rows = []
    for code in sorted({*sides[0], *sides[1]}):
        left, right = (side.get(code) for side in sides)
        shown = left or right
        assert shown is not None
        money = [dict(line["money"]) if line else {} for line in (left, right)]
        months = [line["months"] if line else 0 for line in (left, right)]
        if money[0] == money[1] and months[0] == months[1]:
            continue
        fund = str(STATE_FUND[Route(shown["route"])])
        rows.append(
            {
                "code": code,
                "name": shown["name"],
                "in_left": int(left is not None),
                "in_right": int(right is not None),
                "support": _beside(*(amounts.get(fund, 0) for amounts in money)),
                "counterpart": _beside(*(amounts.get(str(Source.COUNTERPART), 0) for amounts in money)),
                "months": _beside(*months),
                "why": (right or shown)["why"],
            }
        )
    return rows


def _money(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[dict[str, Any]]:
    sums = [side["totals"]["money"] for side in (one, other)]
    rows = [{"source": str(s), "label": s.label, **_beside(*(money[s] for money in sums))} for s in Source]
    totals = [side["totals"]["total"] for side in (one, other)]
    return [*rows, {"source": None, "label": "Cộng", **_beside(*totals)}]


def _contents(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the programme has left of each content and source, where the two differ or go over."""
    rows = []
    for left, right in zip(one["envelope"], other["envelope"], strict=True):
        differs = left["remaining"] != right["remaining"]
        if differs or (right["source"] != Source.COUNTERPART and min(left["remaining"], right["remaining"]) < 0):
            told = {name: left[name] for name in ("content", "name", "source")}
            rows.append(told | {"remaining": _beside(left["remaining"], right["remaining"])})
    return rows


def _targets(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for left, right in zip(one["targets"], other["targets"], strict=True):
        told = {name: left[name] for name in ("code", "name", "unit", "quantity")}
        missing = None if left["missing"] is None else _beside(left["missing"], right["missing"])
        rows.append(told | {"adds": _beside(left["adds"], right["adds"]), "missing": missing})
    return rows


def _load(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Duties per month, and which kinds make up each side."""
    rows = []
    for month in sorted({*one["load"], *other["load"]}):
        left, right = (side["load"].get(month, {}) for side in (one, other))
        kinds = [
            {"label": label, **_beside(left.get(label, 0), right.get(label, 0))} for label in sorted({*left, *right})
        ]
        rows.append({"month": month, **_beside(sum(left.values()), sum(right.values())), "kinds": kinds})
    return rows
