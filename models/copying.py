"""Start anew from a đề án that ended before its approval: what it said becomes a draft of its own."""

from datetime import date
from typing import Any

from pydantic import ValidationError
from sqlmodel import Session

from models.append import Origin
from models.forms import ProjectForm, refuse_invalid
from models.projects import open_project
from models.queries.scope import project_id_of
from models.queries.sheets import show_project
from states.facts import Person
from states.lifecycle import stage_label
from states.refusal import Refused
from states.vocabulary import Route, Source, Stage

#: Ends before the approval: nothing was granted, so the same support may be asked for again.
COPYABLE = (Stage.REJECTED, Stage.WITHDRAWN, Stage.LAPSED)


def copy_project(session: Session, code: str, *, by: Person, origin: Origin, plan_year: int | None = None) -> str:
    """Open a draft that says what an ended project said, and return its code; papers and results stay behind.

    `plan_year` is that of the old project unless given; days of work are kept within the same year only. Raises
    Refused for a project outside the person's scope, one that has not ended so, and for what `open_project` refuses.
    """
    project_id_of(session, code, by)
    sheet = show_project(session, code, reader=by)
    stage, route = Stage(sheet["stage"]), Route(sheet["route"])
    if stage not in COPYABLE:
        ends = ", ".join(f"«{end.label}»" for end in COPYABLE)
        raise Refused(
            f"Đề án {code} đang ở giai đoạn «{stage_label(stage, route)}»; chỉ sao được đề án đã kết thúc ở: {ends}."
        )
    try:
        form = ProjectForm.model_validate(_said(sheet, plan_year or sheet["plan_year"]))
    except ValidationError as error:
        raise refuse_invalid(error, "Đề án") from error
    return open_project(session, form, by=by, origin=origin, note=f"Sao từ đề án {code}")


def _said(sheet: dict[str, Any], plan_year: int) -> dict[str, Any]:
    as_written = ("name", "activity", "route", "kind", "partner", "objectives", "scope", "total_cost")
    expected = ("expected_jobs", "expected_revenue", "expected_effect")
    days = {day: sheet[day] and date.fromisoformat(sheet[day]) for day in ("starts_on", "ends_on")}
    same_year = plan_year == sheet["plan_year"]
    return {
        **{name: sheet[name] for name in (*as_written, *expected)},
        **(days if same_year else {}),
        "equipment": sheet["equipment"] or "",
        "programme": sheet["programme"]["code"],
        "content": sheet["content"]["no"],
        "plan_year": plan_year,
        "unit": sheet["unit"]["code"],
        "place": sheet["place"] and sheet["place"]["code"],
        "beneficiaries": tuple(row["id"] for row in sheet["beneficiaries"]),
        "amounts": {Source(row["source"]): row["asked"] for row in sheet["funding"] if row["asked"]},
        "targets": {row["code"]: row["planned"] for row in sheet["targets"] if row["planned"]},
        "priorities": tuple(sheet["priorities"]),
    }
