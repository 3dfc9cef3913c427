"""What a project is made of when it comes into the register: its columns, its number, and its first lines."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.append import SELF, Origin
from models.forms import ProjectForm
from models.project_checks import refuse_form
from states.effects import QuantityKind
from states.facts import Person
from states.folding import fold, nfc
from states.lifecycle import PLANNED
from states.refusal import Refused
from states.vocabulary import MoneyKind, Source, Stage, State


@dataclass(frozen=True, slots=True)
class Entered:
    """Where a form finds its place in the register: the rows that it names, and the next number of its year."""

    programme_id: int
    unit_id: int
    place_id: int | None
    serial: int
    code: str


def entered(session: Session, form: ProjectForm, by: Person) -> Entered:
    """Check a form against the register and number it.

    Raises Refused for all that keeps it from becoming a project; the caller's write transaction keeps its number.
    """
    programme = session.connection().execute(_PROGRAMME, {"code": form.programme}).mappings().one_or_none()
    if programme is None:
        raise Refused(f"Không có chương trình «{form.programme}»; hãy xem dean programme list.")
    unit_id = _id_of(session, "unit", form.unit)
    place_id = None if form.place is None else _id_of(session, "place", form.place)
    refuse_form(session, form, programme, by, unit_id, place_id)
    serial = _next_serial(session, programme["id"], form.plan_year)
    code = f"{programme['prefix']}-{form.plan_year}-{serial:03d}"
    return Entered(programme["id"], unit_id, place_id, serial, code)


_PROGRAMME = text("SELECT id, code, prefix, start_year, end_year FROM programme WHERE code = :code")


def _id_of(session: Session, table: str, code: str) -> int:
    found = session.connection().execute(text(f"SELECT id FROM {table} WHERE code = :code"), {"code": code}).scalar()
    if found is None:
        raise Refused(f"Không có {_NOUNS[table]} «{code}»; hãy xem dean {table} list.")
    return int(found)


_NOUNS = {"unit": "đơn vị thực hiện", "place": "đơn vị hành chính"}


def _next_serial(session: Session, programme_id: int, year: int) -> int:
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT id FROM programme WHERE id = :id FOR UPDATE"), {"id": programme_id})
    highest = session.connection().execute(_HIGHEST, {"programme": programme_id, "year": year}).scalar()
    return int(highest or 0) + 1


_HIGHEST = text("SELECT max(serial) FROM project WHERE programme_id = :programme AND plan_year = :year")


def opening_values(form: ProjectForm, register: Entered, by: Person, origin: Origin) -> dict[str, Any]:
    """The columns of a new draft."""
    return {
        "code": register.code,
        "serial": register.serial,
        "name": nfc(form.name),
        "programme_id": register.programme_id,
        "content_no": form.content,
        "activity": form.activity,
        "equipment": form.equipment or None,
        "route": form.route,
        "kind": form.kind,
        "plan_year": form.plan_year,
        "work_year": form.plan_year,
        "unit_id": register.unit_id,
        "author_id": by.id,
        "place_id": register.place_id,
        "partner": form.partner,
        "objectives": nfc(form.objectives),
        "scope": nfc(form.scope),
        "starts_on": form.starts_on,
        "ends_on": form.ends_on,
        "total_cost": form.total_cost,
        "expected_jobs": form.expected_jobs,
        "expected_revenue": form.expected_revenue,
        "expected_effect": nfc(form.expected_effect),
        "priorities": json.dumps(form.priorities, ensure_ascii=False),
        "state": State.PROPOSED,
        "stage": Stage.DRAFT,
        "resume_stage": None,
        "adjustment_open": 0,
        "missing": "[]",
        "counted": int(Stage.DRAFT in PLANNED),
        "decided_on": None,
        "moved_at": origin.at,
        "search_text": search_text(register.code, form.name, form.objectives),
    }


def search_text(code: str, *texts: str) -> str:
    """What accent-free search looks in. FTS may accelerate it; this column is what both databases share."""
    return fold(" ".join((code, *texts)))


def asked_line(source: Source, amount: int) -> dict[str, Any]:
    return {
        "project_id": SELF,
        "beneficiary_id": None,
        "source": source,
        "kind": MoneyKind.ASKED,
        "amount": amount,
        "direction": 1,
    }


def planned_line(target: str, quantity: int) -> dict[str, Any]:
    return {
        "project_id": SELF,
        "target_code": target,
        "kind": QuantityKind.PLANNED,
        "quantity": quantity,
        "direction": 1,
    }


def named_lines(beneficiaries: Iterable[int]) -> list[dict[str, Any]]:
    return [{"project_id": SELF, "beneficiary_id": one, "direction": 1} for one in dict.fromkeys(beneficiaries)]


def unopened_targets(session: Session, project_id: int, targets: Iterable[str]) -> tuple[str, ...]:
    """Of these targets those to which the project has never contributed, so that their balances must be opened."""
    opened = set(session.connection().execute(_OPENED, {"id": project_id}).scalars())
    return tuple(sorted(set(targets) - opened))


_OPENED = text("SELECT target_code FROM contribution WHERE project_id = :id")
