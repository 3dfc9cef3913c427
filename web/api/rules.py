"""Rules as data: the lifecycle, terms, ceilings, prepayments, priorities, reminders; changed on a document's word."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import Field

from models.queries.rules import rule_changes, rule_list, rule_named
from models.rule_changes import add_rules, change_rule
from models.rulebook import rulebook
from states.reading import read_day_of_year
from states.refusal import Refused
from states.scopes import Scope
from states.step_rows import step_rows
from states.steps import STEPS
from states.vocabulary import Paper, Role, Route, Stage
from web.api.asked import Json
from web.api.bodies import Amount, Body, LongText, Quantity, ShortText, Version
from web.api.calendar import Basis
from web.api.routing import Endpoints
from web.desk import AtDesk
from web.pages.rules_one import FILES, LARGEST_FILE, MANY, MAY_CHANGE
from web.roles import EVERYONE

endpoints = Endpoints(tags=["rules"])

#: As MANY names them.
Kind = Literal["deadlines", "ceilings", "prepayments", "priorities", "reminders"]


class RuleBody(Body):
    """What a rule shall say from now on; what is left out stays, and what does not fit its kind is refused."""

    basis: Basis
    seen_version: Version | None = None
    label: ShortText | None = None
    percent: Annotated[int, Field(strict=True, ge=1, le=100)] | None = None
    cap: Amount | None = None
    per: ShortText | None = None
    condition: ShortText | None = None
    notes: LongText | None = None
    progress: Annotated[int, Field(strict=True, ge=0, le=100)] | None = None
    papers: tuple[Paper, ...] | None = None
    points: Quantity | None = None
    jobs: Quantity | None = None
    workdays: Annotated[int, Field(strict=True, ge=-1000, le=1000)] | None = None
    every: Annotated[int, Field(strict=True, ge=1, le=1000)] | None = None
    urgent: bool | None = None
    active: bool | None = None
    length: Annotated[int, Field(strict=True, ge=1, le=3650)] | None = None
    on_day: Annotated[ShortText, Field(description="Ngày/tháng", examples=["15/06"])] | None = None
    starts_on: date | None = None
    until: date | None = None
    verified: bool | None = None
    doubt: ShortText | None = None

    def wanted(self) -> dict[str, Any]:
        found = {name: value for name, value in self if name not in ("basis", "seen_version") and value is not None}
        if self.on_day is not None:
            found["on_day"] = read_day_of_year(self.on_day)
        return found


class RulesBody(Body):
    """New rules as in the file that we ship for their kind (YAML)."""

    kind: Kind
    rows: Annotated[str, Field(min_length=1, max_length=LARGEST_FILE)]
    basis: Basis


@endpoints.read("/lifecycle", who=EVERYONE, label="Vòng đời của đề án: bảng các bước")
def lifecycle(visit: AtDesk, route: Route | None = None, role: Role | None = None, stage: Stage | None = None) -> Json:
    """The steps with who decides, who records, which papers and on which basis; or those of a route, role, stage."""
    steps = [step for step in STEPS if route in (None, *step.authorities) and role in (None, *step.recorders)]
    return {"steps": step_rows(step for step in steps if stage in (None, *step.sources))}


@endpoints.read("/rules", who=EVERYONE, label="Quy định")
def listed(visit: AtDesk, kind: Annotated[Kind | None, Query()] = None, on: date | None = None) -> Json:
    """Every rule, also those no longer in force, or those in force on a day."""
    with visit.reading() as session:
        found = rule_list(rulebook(session), on=on)
    return {MANY[each]: found[MANY[each]] for each in MANY if kind in (None, MANY[each])}


@endpoints.read("/rules/{code}", who=EVERYONE, label="Một quy định và những lần sửa")
def one(visit: AtDesk, code: str) -> Json:
    with visit.reading() as session:
        kind, row = rule_named(rulebook(session), code)
        changes = rule_changes(session, kind, code)
    return row | {"version": changes[-1]["seq"], "changes": changes}


@endpoints.write("/rules/{code}", who=MAY_CHANGE, scope=Scope.ADMINISTRATION, label="Sửa một quy định", method="PATCH")
def change(visit: AtDesk, code: str, body: RuleBody) -> Json:
    """Change a rule; a new pace gets a rule of its own, whose code is answered.

    With `seen_version` only where nobody else changed it meanwhile.
    """
    wanted = body.wanted()
    if not wanted:
        raise Refused("Không có gì thay đổi; hãy ghi ít nhất một mục.")
    with visit.writing() as session:
        who: Json = {"by": visit.person, "origin": visit.origin, "seen_version": body.seen_version}
        now = change_rule(session, code, wanted, basis=body.basis, **who)
        kind, row = rule_named(rulebook(session), now)
    return row | {"kind": kind}


@endpoints.write("/rules", who=MAY_CHANGE, scope=Scope.ADMINISTRATION, label="Ghi thêm quy định", status=201)
def add(visit: AtDesk, body: RulesBody) -> Json:
    """Record every rule of the rows, or none."""
    # The readers of rules read files, and name them in what they say.
    with TemporaryDirectory() as folder, visit.writing() as session:
        path = Path(folder) / FILES[body.kind]
        path.write_text(body.rows, encoding="utf-8")
        added = add_rules(session, body.kind, path, basis=body.basis, by=visit.person, origin=visit.origin)
    return {"codes": list(added.codes), "moved": added.moved}
