"""A plan as it stands: found in the register, with what it holds, and written out whole for the version it keeps."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.chain import GENESIS
from models.plan.lines import plan_lines, reasons_of_lines
from models.plan.ranking import rank_lines
from models.plan.rows import candidate_lines, lines_of
from models.plan.scope import PlanKey, Section, plan_key
from models.plan.versions import body_of, newest_no, read_version
from models.statement import Statement
from models.subjects import row_of
from states.planning import PlanStatus
from states.ranking import Placed
from states.refusal import Refused
from states.vocabulary import Route, Source


@dataclass(frozen=True, slots=True)
class Standing:
    """A plan as it stands: its row, and what it holds for each project. `id` None: it is being opened."""

    key: PlanKey
    id: int | None = None
    status: PlanStatus = PlanStatus.DRAFT
    revision: int = 0
    version: int = 0
    previous: str = GENESIS
    held: Mapping[int, Mapping[Source, int]] = field(default_factory=dict)

    @property
    def route(self) -> Route:
        assert self.key.route is not None
        return self.key.route

    @property
    def command(self) -> str:
        """What a command needs to find this plan again, behind its name."""
        return f"{self.key.year} --route {self.route}"


def open_plan(session: Session, programme: str, year: int, route: Route, *, lock: bool = True) -> Standing:
    """Read a plan, or a plan yet to be opened. The programme's lock keeps two from opening one plan."""
    key = plan_key(session, programme, year, route)
    if lock and session.get_bind().dialect.name == "postgresql":
        # Only another plan has to wait: FOR UPDATE would hold up every new project of the programme as well.
        session.connection().execute(_LOCK, {"id": key.programme_id})
    found = _PLAN.rows(session, programme=key.programme_id, year=year, route=str(route))
    if not found:
        return Standing(key)
    row = row_of(session, "plan", found[0].id, lock=lock)
    held = plan_lines(session, row["id"])
    return Standing(key, row["id"], PlanStatus(row["status"]), row["revision"], row["version"], row["previous"], held)


_LOCK = text("SELECT id FROM programme WHERE id = :id FOR NO KEY UPDATE")
_PLAN = Statement("SELECT id FROM plan WHERE programme_id = :programme AND year = :year AND route = :route")


def load_plan(session: Session, programme: str, year: int, route: Route, *, lock: bool = True) -> Standing:
    """Read a plan. Raises Refused when none was built."""
    plan = open_plan(session, programme, year, route, lock=lock)
    if plan.id is None:
        raise Refused(f"Chưa có {small(plan.key.words)}; hãy tổng hợp trước (dean plan build {plan.command}).")
    return plan


def small(words: str) -> str:
    """The words inside a sentence."""
    return words[:1].lower() + words[1:]


def whole_plan(
    session: Session,
    plan: Standing,
    held: Mapping[int, Mapping[Source, int]],
    head: Mapping[str, Any],
    ranked: Iterable[Placed] | None,
    why: Mapping[int, str],
) -> dict[str, Any]:
    """The plan with what it holds now, as its version keeps it; `why` are the words of lines not yet written."""
    lines = held_lines(session, plan.key, held)
    places = _kept_places(session, plan) if ranked is None else {p.candidate.code: place_of(p) for p in ranked}
    lines.sort(key=lambda line: places.get(line["code"], {}).get("position", len(places) + 1))
    last = {**(reasons_of_lines(session, plan.id) if plan.id else {}), **why}
    for line in lines:
        line["rank"] = places.get(line["code"])
        line["why"] = last.get(line["id"], "")
    candidates = candidate_lines(session, plan.key)
    left = [
        {
            "code": line["code"],
            "name": line["name"],
            "section": line["section"],
            "blockers": [*_not_granted(last.get(line["id"], "")), *line["blockers"]] or [_LEFT],
        }
        for line in candidates
        if line["id"] not in held and line["section"] != Section.CARRIED
    ]
    carried = [line for line in candidates if line["section"] == Section.CARRIED]
    return body_of(session, plan.key, head=head, lines=lines, carried=carried, blocked=left)


def _not_granted(why: str) -> list[str]:
    """The decision that left a line out, where that is the last word about it."""
    return [f"{why}."] if why.startswith(NOT_GRANTED) else []


#: Why a line went out that the decision did not grant; the number of the decision follows.
NOT_GRANTED = "Không được duyệt tại"
_LEFT = "Đủ điều kiện nhưng không được chọn vào kế hoạch."


def held_lines(session: Session, key: PlanKey, held: Mapping[int, Mapping[Source, int]]) -> list[dict[str, Any]]:
    """The lines of the projects that a plan holds, with the plan's own amounts."""
    lines = lines_of(session, key, dict.fromkeys(held, Section.NEW))
    for line in lines:
        line["section"] = str(Section.NEW if line["plan_year"] == key.year else Section.WAITING)
        line["money"] = {str(source): amount for source, amount in held[line["id"]].items()}
        if line["ended"]:
            # The plan holds only what a stopped project keeps.
            line["released"] = {}
    return lines


def _kept_places(session: Session, plan: Standing) -> dict[str, dict[str, Any]]:
    """The places that the version before gave to its lines."""
    if plan.id is None:
        return {}
    before = read_version(session, plan.id, newest_no(session, plan.id))
    if before is None:
        return {}
    return {line["code"]: {**(line["rank"] or {}), "position": line["position"]} for line in before["lines"]}


def place_of(placed: Placed) -> dict[str, Any]:
    """A place in the ranking with everything that explains it."""
    return {
        "position": placed.position,
        "points": placed.points,
        "goes_first": placed.score.goes_first,
        "lines": [
            {
                "criterion": line.criterion,
                "label": line.label,
                "points": line.points,
                "basis": line.basis,
                "why": line.why,
            }
            for line in placed.lines
        ],
        "tie": placed.tie,
        "remarks": list(placed.remarks),
    }


def ranked_lines(
    session: Session, plan: Standing, lines: Collection[Mapping[str, Any]], on: date
) -> tuple[Placed, ...]:
    """The lines of a plan in the order of their priority."""
    return rank_lines(session, plan.key, lines, on=on).placed
