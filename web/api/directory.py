"""What stands beside the projects: people, units, places, bodies, beneficiaries."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from models.beneficiaries import edit_beneficiary
from models.desk.accounts import account, accounts
from models.forms import BeneficiaryForm
from models.loading import load_person
from models.people import add_beneficiary, add_person, add_unit, edit_person
from models.queries import beneficiaries, duplicate_beneficiaries, people, person, place, places
from models.queries.directory_sheets import beneficiary_sheet, body_list, projects_in, unit_list
from models.queries.scope import PAGE
from models.reminders.addresses import use_again
from states.contacts import read_email, read_phone, read_short_code
from states.refusal import Refused
from states.scopes import Scope
from states.vocabulary import Role
from web.api.asked import Id, Json, Limit, Offset, Words, paged
from web.api.bodies import Body, Code, ShortText, Version
from web.api.routing import Endpoints
from web.desk import AtDesk
from web.pages.people import EDITORS, READERS, STALE
from web.roles import OFFICE

endpoints = Endpoints(tags=["directory"])

Level = Literal["province", "district", "commune"]
Name = Annotated[ShortText, Field(min_length=1)]
AUTHORS = frozenset({Role.CENTRE_OFFICER, Role.COORDINATOR, Role.ADMINISTRATOR})
CORRECTORS = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})


class UnitBody(Body):
    """An executing unit, or an office that executes nothing."""

    code: Code
    name: Name
    executes: bool = True


class BeneficiaryBody(BeneficiaryForm):
    """A beneficiary; `distinct` says that it is another one than those of a like name."""

    distinct: bool = False


class BeneficiaryChanges(Body):
    """What is given is changed, the rest stays; a tax code or place of null is taken away."""

    seen_version: Version | None = None
    name: Name | None = None
    kind: Code | None = None
    tax_code: Annotated[str, Field(pattern=r"^\d{10}(-\d{3})?$")] | None = None
    place: Code | None = None
    women_owned: bool | None = None
    ethnic_minority_owned: bool | None = None
    distinct: bool = False
    note: ShortText = ""

    def changes(self) -> dict[str, Any]:
        given = self.model_dump(exclude_unset=True, exclude={"distinct", "note", "seen_version"})
        return {name: value for name, value in given.items() if value is not None or name in ("tax_code", "place")}


class PersonBody(Body):
    """A new person of the office; how they sign in is arranged on the pages."""

    code: Code
    name: Name
    role: Role
    unit: Code | None = None
    place: Code | None = None
    email: ShortText = ""
    phone: ShortText = ""


class PersonChanges(Body):
    """What is given is changed, the rest stays; an empty unit or place is taken away."""

    seen_version: Version | None = None
    name: Name | None = None
    role: Role | None = None
    unit: ShortText | None = None
    place: ShortText | None = None
    email: ShortText | None = None
    phone: ShortText | None = None
    active: bool | None = None
    note: ShortText = ""


# --- people -------------------------------------------------------------------------------------------


@endpoints.read("/people", who=READERS, label="Người dùng")
def everyone(visit: AtDesk, role: Role | None = None) -> Json:
    with visit.reading() as session:
        known = accounts(session, at=visit.at)
        return {"people": [row | known[row["code"]] for row in people(session, role=role)]}


@endpoints.read("/people/{code}", who=READERS, label="Một người dùng")
def one_person(visit: AtDesk, code: str) -> Json:
    with visit.reading() as session:
        who = person(session, code)
        return who | account(session, who["code"], at=visit.at)


@endpoints.write("/people", who=EDITORS, scope=Scope.ADMINISTRATION, label="Thêm người dùng", status=201)
def new_person(visit: AtDesk, body: PersonBody) -> Json:
    code = read_short_code(body.code)
    values = body.model_dump(exclude={"code"}) | _contact(body.email, body.phone)
    with visit.writing() as session:
        add_person(session, code, origin=visit.origin, **values)
        return person(session, code)


def _contact(email: str | None, phone: str | None) -> Json:
    """How a person is reached, as the readers of the forms take it; what is empty is taken away."""
    read = (("email", email, read_email), ("phone", phone, read_phone))
    return {name: reader(typed) if typed else "" for name, typed, reader in read if typed is not None}


@endpoints.write(
    "/people/{code}", who=EDITORS, scope=Scope.ADMINISTRATION, label="Sửa, khóa hoặc mở người dùng", method="PATCH"
)
def change_person(visit: AtDesk, code: str, body: PersonChanges) -> Json:
    """Change what is given; with `seen_version` only where nobody else changed the person meanwhile."""
    given = body.model_dump(exclude={"seen_version", "note"}, exclude_none=True) | _contact(body.email, body.phone)
    if not given:
        raise Refused("Không có gì thay đổi; hãy ghi ít nhất một mục.")
    with visit.writing() as session:
        who = load_person(session, code)
        if body.seen_version not in (None, account(session, code, at=visit.at)["version"]):
            raise Refused(STALE)
        edit_person(session, code, visit.origin, note=body.note, **given)
        use_again(session, who.id, email=bool(given.get("email")), phone=bool(given.get("phone")))
        return person(session, code)


# --- units, places, bodies ----------------------------------------------------------------------------


@endpoints.read("/units", who=OFFICE, label="Đơn vị thực hiện và cơ quan")
def units(visit: AtDesk) -> Json:
    with visit.reading() as session:
        return {"units": unit_list(session, reader=visit.person)}


@endpoints.write("/units", who=CORRECTORS, scope=Scope.ADMINISTRATION, label="Thêm một đơn vị", status=201)
def new_unit(visit: AtDesk, body: UnitBody) -> Json:
    code = read_short_code(body.code)
    with visit.writing() as session:
        add_unit(session, code, body.name, visit.origin, executes=body.executes)
    return {"code": code, "name": body.name, "executes": body.executes}


@endpoints.read("/bodies", who=OFFICE, label="Cơ quan đứng sau mỗi cấp quyết định")
def bodies(visit: AtDesk) -> Json:
    with visit.reading() as session:
        return {"bodies": body_list(session)}


@endpoints.read("/places", who=OFFICE, label="Đơn vị hành chính, cũ và mới")
def gazetteer(
    visit: AtDesk,
    words: Words = "",
    level: Level | None = None,
    on: date | None = None,
    limit: Limit = PAGE,
    offset: Offset = 0,
) -> Json:
    with visit.reading() as session:
        rows = places(session, words=words or None, level=level, on=on, limit=limit + 1, offset=offset)
    return paged("places", rows, limit, offset)


@endpoints.read("/places/{code}", who=OFFICE, label="Một đơn vị hành chính, trước và sau khi sắp xếp")
def one_place(visit: AtDesk, code: str) -> Json:
    with visit.reading() as session:
        return place(session, code) | {"projects": projects_in(session, code, reader=visit.person)}


# --- beneficiaries ------------------------------------------------------------------------------------


@endpoints.read("/beneficiaries", who=OFFICE, label="Đơn vị thụ hưởng")
def supported(visit: AtDesk, words: Words = "", limit: Limit = PAGE, offset: Offset = 0) -> Json:
    with visit.reading() as session:
        rows = beneficiaries(session, words=words or None, reader=visit.person, limit=limit + 1, offset=offset)
    return paged("beneficiaries", rows, limit, offset)


@endpoints.read("/beneficiaries/duplicates", who=CORRECTORS, label="Đơn vị thụ hưởng có thể đã ghi hai lần")
def twice(visit: AtDesk) -> Json:
    with visit.reading() as session:
        return {"groups": duplicate_beneficiaries(session)}


@endpoints.read("/beneficiaries/{number}", who=OFFICE, label="Một đơn vị thụ hưởng và đề án của các năm")
def one_beneficiary(visit: AtDesk, number: Id) -> Json:
    with visit.reading() as session:
        return beneficiary_sheet(session, number, reader=visit.person)


@endpoints.write("/beneficiaries", who=AUTHORS, scope=Scope.STEPS, label="Thêm một đơn vị thụ hưởng", status=201)
def new_beneficiary(visit: AtDesk, body: BeneficiaryBody) -> Json:
    """Record a beneficiary once for all years; one that is there already is refused with its number."""
    form = BeneficiaryForm.model_validate(body.model_dump(exclude={"distinct"}))
    with visit.writing() as session:
        number = add_beneficiary(session, form, visit.origin, distinct=body.distinct)
    return {"id": number, "name": form.name}


@endpoints.write(
    "/beneficiaries/{number}", who=CORRECTORS, scope=Scope.STEPS, label="Sửa một đơn vị thụ hưởng", method="PATCH"
)
def change_beneficiary(visit: AtDesk, number: Id, body: BeneficiaryChanges) -> Json:
    """Change what is given; with `seen_version` only where nobody else changed the beneficiary meanwhile."""
    more: Json = {"distinct": body.distinct, "note": body.note, "by": visit.person, "origin": visit.origin}
    more |= {"seen_version": body.seen_version}
    with visit.writing() as session:
        edit_beneficiary(session, number, body.changes(), **more)
        return beneficiary_sheet(session, number, reader=visit.person)
