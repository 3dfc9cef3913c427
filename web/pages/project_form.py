"""What a đề án says, as a form: read for a new draft and for one that is edited, with the choices it offers."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from pydantic import ValidationError

from models.forms import BeneficiaryForm, ProjectForm, refuse_invalid
from models.people import add_beneficiary
from models.queries.choosing import (
    content_choices,
    place_choices,
    programme_choices,
    target_choices,
    unit_choices,
)
from models.store import Session
from states.activities import ACTIVITIES
from states.beneficiaries import BENEFICIARY_KINDS
from states.folding import clean_line, clean_text
from states.reading import read_quantity
from states.refusal import Refused
from states.vocabulary import STATE_FUND, Kind, Role, Route, Source
from web import words
from web.desk import Visit
from web.fields import Fields
from web.pages.project_picking import picked

LINES = {"name": "tên đề án", "equipment": "tên máy móc, thiết bị", "partner": "đơn vị phối hợp"}
TEXTS = {"objectives": "mục tiêu", "scope": "quy mô, nội dung", "expected_effect": "hiệu quả dự kiến"}
DAYS = ("starts_on", "ends_on")
AMOUNTS = ("total_cost", "expected_revenue")

#: Words of a refusal by the field that they are about.
MARKS: dict[str, tuple[str, ...]] = {
    "new_beneficiary": ("đơn vị thụ hưởng:", "mã số thuế", "tên gần giống"),
    "ends_on": ("ngày bắt đầu", "ngày kết thúc"),
    "plan_year": ("năm kế hoạch", "thuộc chương trình nào"),
    "content": ("không có nội dung",),
    "amount_fund": ("nguồn", "số tiền"),
    "unit": ("đơn vị thực hiện", "của đơn vị mình"),
    "place": ("địa bàn", "đơn vị hành chính"),
    "activity": ("hoạt động",),
    "name": ("tên (name)", "tên đề án"),
    "note": ("lý do sửa",),
}


def choices_of(
    session: Session, visit: Visit, programme: str, *, place: str | None = None, activity: str = ""
) -> dict[str, Any]:
    """What the form lets a person choose from; what stands already can always be kept."""
    known = {} if not activity or activity in ACTIVITIES else {activity: activity}
    return {
        "contents": [(row["no"], f"{row['no']}. {row['name']}") for row in content_choices(session, programme)],
        "targets": target_choices(session, programme),
        "units": [(row["code"], row["name"]) for row in unit_choices(session)],
        "places": [(row["code"], row["name"]) for row in place_choices(session, on=visit.today, also=place)],
        "activities": list((known | ACTIVITIES).items()),
        "kinds": [(kind, kind.label) for kind in Kind],
        "routes": [(route, route.label) for route in Route],
        "beneficiary_kinds": list(BENEFICIARY_KINDS.items()),
        "said": said,
    }


def said(options: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Options with their labels in the language of the page."""
    return [(code, words.t(label)) for code, label in options]


def programme_of(session: Session, wanted: str, today: date) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The programme of a new project and all that there are: the one named, that of next year, or the latest.

    Raises Refused for an unknown one, and where there is none.
    """
    known = programme_choices(session)
    if not known:
        raise Refused("Sổ chưa có chương trình nào; hãy nhờ quản trị nạp tệp chương trình.")
    if wanted:
        found = next((row for row in known if row["code"] == wanted), None)
        if found is None:
            raise Refused(f"Không có chương trình «{wanted}»; hãy chọn trong danh sách.")
        return found, known
    coming = [row for row in known if row["start_year"] <= today.year + 1 <= row["end_year"]]
    return (coming or known)[0], known


def read_said(form: Fields) -> dict[str, Any]:
    """What both forms hold: words, days, figures. Empty fields are empty, so that an edit can blank them."""
    told: dict[str, Any] = {name: form.line(name, what) for name, what in LINES.items()}
    for name, what in TEXTS.items():
        told[name] = form.read(name, lambda text, what=what: clean_text(text, what)) or ""  # type: ignore[misc]
    told |= {name: form.day(name) for name in DAYS}
    told |= {name: form.amount(name) or 0 for name in AMOUNTS}
    told["expected_jobs"] = form.read("expected_jobs", read_quantity) or 0
    told["activity"] = form.typed("activity").strip()
    told["kind"] = form.code("kind", Kind) or Kind.ORDINARY
    told["priorities"] = form.read("priorities", _lines) or ()
    return told


def _lines(text: str) -> tuple[str, ...]:
    return tuple(clean_line(line, "Tiêu chí ưu tiên") for line in text.splitlines() if line.strip())


def read_targets(form: Fields, targets: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Planned quantities by target; what is empty is none."""
    read = {row["code"]: form.read(f"target_{row['code']}", read_quantity) for row in targets}
    return {target: quantity for target, quantity in read.items() if quantity}


def read_new_project(form: Fields, programme: str, targets: Sequence[dict[str, Any]], unit: str) -> dict[str, Any]:
    """All fields of a new project; mistakes stand in the form."""
    told = read_said(form)
    route = form.code("route", Route, required="Hãy chọn tuyến.")
    content = form.read("content", read_quantity, required="Hãy chọn nội dung của chương trình.")
    year = form.read("plan_year", read_quantity, required="Hãy ghi năm kế hoạch.")
    if not told["name"] and "name" not in form.mistakes:
        form.mistaken("name", "Hãy ghi tên đề án.")
    if not told["activity"]:
        form.mistaken("activity", "Hãy chọn hoạt động.")
    if not unit:
        form.mistaken("unit", "Hãy chọn đơn vị thực hiện.")
    fund = STATE_FUND[route or Route.LOCAL]
    amounts = {fund: form.amount("amount_fund"), Source.COUNTERPART: form.amount("amount_counterpart")}
    return told | {
        "programme": programme,
        "route": route,
        "content": content,
        "plan_year": year,
        "unit": unit,
        "place": form.typed("place").strip() or None,
        "amounts": {source: amount for source, amount in amounts.items() if amount is not None},
        "targets": read_targets(form, targets),
    }


def project_form(values: dict[str, Any]) -> ProjectForm:
    """Check a new project as a whole. Raises Refused with a sentence for each field."""
    try:
        return ProjectForm.model_validate(values)
    except ValidationError as error:
        raise refuse_invalid(error, "Đề án") from error


def new_beneficiary(session: Session, form: Fields, visit: Visit) -> int | None:
    """Record the beneficiary that the form names as new; None where it names none. Raises Refused."""
    name = form.line("new_beneficiary", "tên đơn vị thụ hưởng")
    if not name:
        return None
    values = {
        "name": name,
        "kind": form.typed("new_kind") or "household",
        "tax_code": form.typed("new_tax_code").strip() or None,
        "place": form.typed("new_place").strip() or None,
        "women_owned": form.ticked("new_women_owned"),
        "ethnic_minority_owned": form.ticked("new_ethnic_minority_owned"),
    }
    try:
        checked = BeneficiaryForm.model_validate(values)
    except ValidationError as error:
        raise refuse_invalid(error, "Đơn vị thụ hưởng") from error
    return add_beneficiary(session, checked, visit.origin, distinct=form.ticked("new_distinct"))


def named(session: Session, form: Fields, visit: Visit, standing: Sequence[int] = ()) -> tuple[int, ...]:
    """The beneficiaries of the form: those ticked, and the new one. Raises Refused for one that cannot be new."""
    fresh = new_beneficiary(session, form, visit)
    return (*picked(form, standing), *(() if fresh is None else (fresh,)))


def own_unit(session: Session, visit: Visit) -> dict[str, Any] | None:
    """The unit of a centre officer, who writes for no other; None for whoever writes for many units."""
    if visit.person.role is not Role.CENTRE_OFFICER:
        return None
    from models.queries import person

    found = person(session, visit.person.code)
    return {"code": found["unit"], "name": found["unit_name"]}
