"""Beneficiaries after they were first written down: what turned out to be wrong or was missing is put right."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from sqlmodel import Session

from models.append import Origin
from models.codes import id_of
from models.forms import BeneficiaryForm, refuse_invalid
from models.people import refuse_others_than, similar_beneficiaries
from models.queries.scope import Where
from models.stale import refuse_stale_subject
from models.subjects import change_subject, row_of
from states.facts import Person
from states.folding import fold
from states.refusal import Refused
from states.vocabulary import Role


def edit_beneficiary(
    session: Session,
    number: int,
    changes: Mapping[str, Any],
    *,
    by: Person,
    origin: Origin,
    distinct: bool = False,
    note: str = "",
    seen_version: int | None = None,
) -> None:
    """Change what is given of a beneficiary that all years and units share, and keep the rest.

    `changes` has the names of the form; a tax code or place of None is taken away. Raises Refused for others than
    coordinators and administrators, an unknown number, a tax code or (unless `distinct`) a name that another
    beneficiary has, when nothing would change, and for what was made on an older version than stands.
    """
    refuse_others_than(by, Role.COORDINATOR, Role.ADMINISTRATOR)
    was = _written(session, number)
    refuse_stale_subject(session, "beneficiary", number, seen_version, f"Đơn vị thụ hưởng số {number}")
    try:
        form = BeneficiaryForm.model_validate(was | dict(changes))
    except ValidationError as error:
        raise refuse_invalid(error, "Đơn vị thụ hưởng") from error
    _refuse_same(session, number, form, was, distinct=distinct)
    values = {
        "name": form.name,
        "folded_name": fold(form.name),
        "tax_code": form.tax_code,
        "kind": form.kind,
        "place_id": id_of(session, "place", form.place),
        "women_owned": int(form.women_owned),
        "ethnic_minority_owned": int(form.ethnic_minority_owned),
    }
    change_subject(session, "beneficiary", number, values, origin, note=note)


def _written(session: Session, number: int) -> dict[str, Any]:
    where = Where()
    where.add("b.id = :id", id=number)
    if not where.rows(session, "SELECT b.id FROM beneficiary AS b WHERE {where}"):
        raise Refused(f"Không có đơn vị thụ hưởng số {number}; hãy kiểm tra số (dean beneficiary list).")
    row = row_of(session, "beneficiary", number, lock=True)
    where = Where()
    where.add("z.id = :id", id=row["place_id"] or 0)
    place = where.rows(session, "SELECT z.code FROM place AS z WHERE {where}")
    return {
        "name": row["name"],
        "kind": row["kind"],
        "tax_code": row["tax_code"],
        "place": place[0]["code"] if place else None,
        "women_owned": bool(row["women_owned"]),
        "ethnic_minority_owned": bool(row["ethnic_minority_owned"]),
    }


def _refuse_same(
    session: Session, number: int, form: BeneficiaryForm, was: Mapping[str, Any], *, distinct: bool
) -> None:
    others = [row for row in similar_beneficiaries(session, form.name, form.tax_code) if row["id"] != number]
    by_tax = [row for row in others if form.tax_code and row["tax_code"] == form.tax_code]
    if by_tax:
        raise Refused(
            f"Mã số thuế {form.tax_code} đã có: số {by_tax[0]['id']} «{by_tax[0]['name']}»; hãy kiểm tra lại."
        )
    if others and fold(form.name) != fold(was["name"]) and not distinct:
        listed = "; ".join(f"số {row['id']} «{row['name']}»" for row in others)
        raise Refused(f"Tên gần giống đơn vị đã có: {listed}; hãy kiểm tra, hoặc xác nhận là đơn vị khác (--distinct).")
