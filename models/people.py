"""Units, people and beneficiaries: who works with the register, and for whom."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.append import Origin
from models.codes import id_of
from models.forms import BeneficiaryForm
from models.subjects import change_subject, open_subject, row_of
from states.facts import Person
from states.folding import clean_line, fold
from states.refusal import Refused
from states.vocabulary import Role


def refuse_others_than(person: Person, *roles: Role) -> None:
    """Refuse a person whose role may not do this kind of work."""
    if person.role in roles and person.active:
        return
    wanted = ", ".join(role.label for role in roles)
    raise Refused(f"{person.name} ({person.role.label}) không được làm việc này; cần: {wanted}.")


def add_unit(session: Session, code: str, name: str, origin: Origin, *, executes: bool = True) -> int:
    """Record an executing unit or an office. Raises Refused when its code is taken."""
    _refuse_taken(session, "unit", code, "đơn vị")
    values = {"code": code, "name": clean_line(name, "Tên đơn vị"), "executes": int(executes), "active": 1}
    return open_subject(session, "unit", values, origin)


def add_person(
    session: Session,
    code: str,
    name: str,
    role: Role,
    origin: Origin,
    *,
    unit: str | None = None,
    place: str | None = None,
    email: str = "",
    phone: str = "",
) -> int:
    """Record a person with a role, a unit and an area. Contact data are stored apart and never enter events.

    Raises Refused for a taken code, an unknown unit or place, or a centre officer without a unit.
    """
    _refuse_taken(session, "person", code, "người dùng")
    if role is Role.CENTRE_OFFICER and unit is None:
        raise Refused("Cán bộ đơn vị thực hiện phải thuộc một đơn vị; hãy ghi --unit MÃ.")
    if role is Role.COMMUNE_VIEWER and place is None:
        raise Refused("Cán bộ xã phải có địa bàn; hãy ghi --place MÃ.")
    values = {
        "code": code,
        "name": clean_line(name, "Họ tên"),
        "role": role,
        "unit_id": id_of(session, "unit", unit),
        "place_id": id_of(session, "place", place),
        "active": 1,
    }
    person_id = open_subject(session, "person", values, origin)
    session.connection().execute(_CONTACT, {"id": person_id, "email": email, "phone": phone})
    return person_id


_CONTACT = text("INSERT INTO contact (person_id, email, phone) VALUES (:id, :email, :phone)")


def change_person(session: Session, code: str, values: Mapping[str, Any], origin: Origin, *, note: str = "") -> None:
    """Change a person's name, role, unit, area or activity by an event. Raises Refused for an unknown code."""
    person_id = id_of(session, "person", code)
    assert person_id is not None
    change_subject(session, "person", person_id, values, origin, note=note)


def edit_person(
    session: Session,
    code: str,
    origin: Origin,
    *,
    name: str | None = None,
    role: Role | None = None,
    unit: str | None = None,
    place: str | None = None,
    active: bool | None = None,
    email: str | None = None,
    phone: str | None = None,
    note: str = "",
) -> None:
    """Change what is given and keep the rest; an empty code takes the unit or the area away.

    Contact data are changed in place and leave no event. Raises Refused for an unknown code, for a role without the
    unit or place that it needs, for the last active administrator, and when nothing would change.
    """
    person_id = id_of(session, "person", code)
    assert person_id is not None
    was = row_of(session, "person", person_id, lock=True)
    given = {
        "name": None if name is None else clean_line(name, "Họ tên"),
        "role": role,
        "unit_id": id_of(session, "unit", unit or None),
        "place_id": id_of(session, "place", place or None),
        "active": None if active is None else int(active),
    }
    emptied = {column for column, code in (("unit_id", unit), ("place_id", place)) if code == ""}
    values = {
        column: value
        for column, value in given.items()
        if (value is not None or column in emptied) and value != was[column]
    }
    _refuse_unfit(session, person_id, was, was | values)
    contact = {key: value for key, value in (("email", email), ("phone", phone)) if value is not None}
    for column, value in contact.items():
        session.connection().execute(_CONTACT_CHANGE[column], {"id": person_id, "value": value})
    if values or not contact:
        change_person(session, code, values, origin, note=note)


_CONTACT_CHANGE = {
    column: text(f"UPDATE contact SET {column} = :value WHERE person_id = :id") for column in ("email", "phone")
}


def _refuse_unfit(session: Session, person_id: int, was: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    if now["role"] == Role.CENTRE_OFFICER and now["unit_id"] is None:
        raise Refused("Cán bộ đơn vị thực hiện phải thuộc một đơn vị; hãy ghi --unit MÃ.")
    if now["role"] == Role.COMMUNE_VIEWER and now["place_id"] is None:
        raise Refused("Cán bộ xã phải có địa bàn; hãy ghi --place MÃ.")
    keeps = now["role"] == Role.ADMINISTRATOR and now["active"]
    if was["role"] == Role.ADMINISTRATOR and was["active"] and not keeps:
        others = session.connection().execute(_OTHER_ADMINISTRATORS, {"role": str(Role.ADMINISTRATOR), "id": person_id})
        if not others.scalar_one():
            raise Refused(f"{was['name']} là quản trị cuối cùng; hãy thêm một quản trị khác trước.")


_OTHER_ADMINISTRATORS = text("SELECT count(*) FROM person WHERE role = :role AND active = 1 AND id <> :id")


def add_beneficiary(session: Session, form: BeneficiaryForm, origin: Origin, *, distinct: bool = False) -> int:
    """Record a beneficiary once for all years.

    Raises Refused when the tax code is known, or a name that folds alike is (unless `distinct` says that it
    is another one); the refusal names the row to use instead.
    """
    same = similar_beneficiaries(session, form.name, form.tax_code)
    by_tax = [row for row in same if form.tax_code and row["tax_code"] == form.tax_code]
    if by_tax:
        raise Refused(f"Mã số thuế {form.tax_code} đã có: số {by_tax[0]['id']} «{by_tax[0]['name']}»; hãy dùng số đó.")
    if same and not distinct:
        listed = "; ".join(f"số {row['id']} «{row['name']}»" for row in same)
        raise Refused(
            f"Tên gần giống đơn vị đã có: {listed}; hãy dùng số đó, hoặc xác nhận là đơn vị khác (--distinct)."
        )
    values = {
        "name": form.name,
        "folded_name": fold(form.name),
        "tax_code": form.tax_code,
        "kind": form.kind,
        "place_id": id_of(session, "place", form.place),
        "women_owned": int(form.women_owned),
        "ethnic_minority_owned": int(form.ethnic_minority_owned),
    }
    return open_subject(session, "beneficiary", values, origin)


def similar_beneficiaries(session: Session, name: str, tax_code: str | None) -> list[dict[str, Any]]:
    """Beneficiaries with the same tax code or with a name that folds alike."""
    rows = session.connection().execute(_SIMILAR, {"tax": tax_code, "folded": fold(name)}).mappings()
    return [dict(row) for row in rows]


_SIMILAR = text("""
    SELECT id, name, tax_code FROM beneficiary
    WHERE folded_name = :folded OR tax_code = CAST(:tax AS TEXT) ORDER BY id""")


def _refuse_taken(session: Session, table: str, code: str, noun: str) -> None:
    if session.connection().execute(text(f"SELECT 1 FROM {table} WHERE code = :code"), {"code": code}).first():
        raise Refused(f"Mã {noun} «{code}» đã có; hãy chọn mã khác.")
