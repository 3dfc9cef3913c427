"""The small lists beside the projects: people, units, places, beneficiaries, decisions, and the register itself."""

from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from models.codes import id_of
from models.loading import area_of
from models.queries.places import bodies, gazetteer
from models.queries.scope import PAGE, Where, page, plain_row, readable_by
from models.store import BrokenLedgerError, Store, unreachable
from states.facts import Person
from states.folding import fold
from states.refusal import Refused
from states.vocabulary import Authority, Role


def reach(store: Store) -> None:
    """Connect once to write. Raises Refused when the database cannot be reached."""
    try:
        with store.writer.connect():
            pass
    except SQLAlchemyError as error:
        raise unreachable(error) from error


def register(store: Store) -> dict[str, Any]:
    """What this database is. Raises Refused when it is not, or not yet, a register that can be read."""
    try:
        with store.read() as session:
            rows = [plain_row(row) for row in session.connection().execute(_REGISTER).mappings()]
    except (BrokenLedgerError, SQLAlchemyError) as error:
        raise unreachable(error) from error
    if not rows:
        raise Refused("Cơ sở dữ liệu chưa có sổ; hãy chạy dean init (hoặc dean demo) để tạo.")
    return rows[0] | {"is_demonstration": bool(rows[0]["is_demonstration"])}


_REGISTER = text("SELECT title, province, is_demonstration FROM register")


def people(session: Session, *, role: Role | None = None) -> list[dict[str, Any]]:
    """Everyone, without contact data."""
    where = Where()
    if role is not None:
        where.add("p.role = :role", role=str(role))
    return [_person(row) for row in where.rows(session, _PEOPLE)]


def person(session: Session, code: str) -> dict[str, Any]:
    """One person with contact data. Raises Refused for an unknown code."""
    where = Where()
    where.add("p.code = :code", code=code)
    found = where.rows(session, _PEOPLE)
    if not found:
        raise Refused(f"Không có người dùng «{code}»; hãy xem danh sách bằng dean user list.")
    contact = session.connection().execute(_CONTACT, {"code": code}).mappings().one_or_none()
    return _person(found[0]) | (plain_row(contact) if contact else {"email": "", "phone": ""})


_PEOPLE = """
    SELECT p.code, p.name, p.role, p.active, u.code AS unit, u.name AS unit_name, z.code AS place,
           z.kind || ' ' || z.name AS place_name
    FROM person AS p LEFT JOIN unit AS u ON u.id = p.unit_id LEFT JOIN place AS z ON z.id = p.place_id
    WHERE {where} ORDER BY p.id"""
_CONTACT = text("SELECT c.email, c.phone FROM contact AS c JOIN person AS p ON p.id = c.person_id WHERE p.code = :code")


def _person(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"role_label": Role(row["role"]).label, "active": bool(row["active"])}


def units(session: Session) -> list[dict[str, Any]]:
    """Executing units and offices with the number of their projects."""
    rows = session.connection().execute(_UNITS).mappings()
    return [plain_row(row) | {"executes": bool(row["executes"]), "active": bool(row["active"])} for row in rows]


_UNITS = text(
    "SELECT u.code, u.name, u.executes, u.active, "
    "(SELECT count(*) FROM project AS p WHERE p.unit_id = u.id) AS projects FROM unit AS u ORDER BY u.id"
)


#: Words of a search; more of them are a text that somebody pasted, and no database takes a condition for each.
MOST_WORDS = 20


def _words(typed: str | None) -> list[str]:
    words = list(dict.fromkeys(fold(typed or "").split()))
    if len(words) > MOST_WORDS:
        raise Refused(f"Từ khóa quá dài; hãy tìm bằng nhiều nhất {MOST_WORDS} từ.")
    return words


def places(
    session: Session,
    *,
    words: str | None = None,
    level: str | None = None,
    on: date | None = None,
    limit: int = PAGE,
    offset: int = 0,
) -> list[dict[str, Any]]:
    """One page of administrative units: by folded words, by level, and by the day on which they existed."""
    where = Where()
    for number, word in enumerate(_words(words)):
        where.add(f"z.folded_name LIKE :word_{number}", **{f"word_{number}": f"%{word}%"})
    if level is not None:
        where.add("z.level = :level", level=level)
    if on is not None:
        where.add(
            "(z.valid_from IS NULL OR z.valid_from <= :day) AND (z.valid_to IS NULL OR z.valid_to >= :day)",
            day=on.isoformat(),
        )
    names = gazetteer(session)
    rows = where.rows(session, _PLACES, **page(limit, offset))
    return [_place(row, names.name(row["id"])) for row in rows]


_PLACES = """
    SELECT z.id, z.code, z.kind, z.name, z.level, z.valid_from, z.valid_to, z.verified
    FROM place AS z WHERE {where} ORDER BY z.id LIMIT :limit OFFSET :offset"""


def _place(row: dict[str, Any], full_name: str | None) -> dict[str, Any]:
    shown = {key: value for key, value in row.items() if key != "id"}
    return shown | {"full_name": full_name, "verified": bool(row["verified"])}


def place(session: Session, code: str) -> dict[str, Any]:
    """One administrative unit with who it took over, who took it over, and the number of projects in its area."""
    found = place_facts(session, code)
    own = id_of(session, "place", code)
    assert own is not None
    where = Where()
    where.add("p.place_id IN :area", area=sorted(area_of(session, own)))
    count = where.rows(session, "SELECT count(*) AS projects FROM project AS p WHERE {where}")[0]["projects"]
    return found | {"projects": count}


def place_facts(session: Session, code: str) -> dict[str, Any]:
    """One administrative unit with who it took over and who took it over. Raises Refused for an unknown code."""
    names = gazetteer(session)
    found = next((unit for unit in names.units.values() if unit["code"] == code), None)
    if found is None:
        raise Refused(f"Không có đơn vị hành chính «{code}»; hãy tìm bằng dean place list --words TÊN.")
    own = int(found["id"])
    before = [old for old, heirs in names.successors.items() if own in heirs]
    shown = {key: value for key, value in found.items() if key not in ("id", "parent_id")}
    return shown | {
        "verified": bool(found["verified"]),
        "full_name": names.name(own),
        "successors": [_named(names.units[heir]) for heir in names.successors.get(own, ())],
        "predecessors": [_named(names.units[old]) for old in before],
    }


def _named(unit: dict[str, Any]) -> dict[str, Any]:
    return {"code": unit["code"], "name": f"{unit['kind']} {unit['name']}"}


def beneficiaries(
    session: Session,
    *,
    words: str | None = None,
    reader: Person | None = None,
    limit: int = PAGE,
    offset: int = 0,
) -> list[dict[str, Any]]:
    """One page of beneficiaries with the number of their projects; every word must be in the name or tax code.

    A commune viewer sees those of the own area. A centre officer sees all: that is how a beneficiary of
    another unit is found again instead of being written down twice. The numbers count what the reader may see.
    """
    where = Where()
    for number, word in enumerate(_words(words)):
        name = f"word_{number}"
        where.add(f"b.folded_name LIKE :{name} OR b.tax_code LIKE :{name}", **{name: f"%{word}%"})
    if reader is not None and reader.role is Role.COMMUNE_VIEWER:
        where.add("b.place_id IN :reader_area", reader_area=sorted(reader.place_ids or ()))
    names, visible = gazetteer(session), readable_by(reader)
    where.parameters |= visible.parameters
    listed = _BENEFICIARIES.replace("{visible}", str(visible))
    rows = where.rows(session, f"{listed} LIMIT :limit OFFSET :offset", **page(limit, offset))
    return [_beneficiary(row, names.name(row["place_id"])) for row in rows]


_BENEFICIARIES = """
    SELECT b.id, b.name, b.kind, b.tax_code, b.place_id, b.women_owned, b.ethnic_minority_owned, (
        SELECT count(*) FROM (
            SELECT n.project_id FROM project_beneficiary AS n JOIN project AS p ON p.id = n.project_id
            WHERE n.beneficiary_id = b.id AND {visible}
            GROUP BY n.project_id HAVING sum(n.direction) > 0) AS named) AS projects
    FROM beneficiary AS b WHERE {where} ORDER BY b.id"""


def _beneficiary(row: dict[str, Any], place_name: str | None) -> dict[str, Any]:
    shown = {key: value for key, value in row.items() if key != "place_id"}
    flags = {name: bool(row[name]) for name in ("women_owned", "ethnic_minority_owned")}
    return shown | flags | {"place": place_name}


def duplicate_beneficiaries(session: Session) -> list[list[dict[str, Any]]]:
    """Groups that may be one beneficiary written down twice: the same folded name, or the same firm's tax code.

    A branch carries its firm's ten digits and three of its own, so the ten digits are compared.
    """
    names = gazetteer(session)
    everyone = Where().rows(session, _BENEFICIARIES.replace("{visible}", "1 = 1"))
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in everyone:
        shown = _beneficiary(row, names.name(row["place_id"]))
        groups.setdefault(("name", fold(row["name"])), []).append(shown)
        if row["tax_code"]:
            groups.setdefault(("tax", row["tax_code"][:10]), []).append(shown)
    doubled = {tuple(row["id"] for row in group): group for group in groups.values() if len(group) > 1}
    return list(doubled.values())


def decisions(
    session: Session, *, year: int | None = None, reader: Person | None = None, limit: int = PAGE, offset: int = 0
) -> list[dict[str, Any]]:
    """One page of approving decisions, the newest first, with the codes of the projects that the reader may see."""
    visible = readable_by(reader)
    visible.add(_GRANTED)
    where = Where()
    if year is not None:
        where.add("d.decided_on BETWEEN :since AND :until", since=f"{year:04d}-01-01", until=f"{year:04d}-12-31")
    names = bodies(session)
    shown = []
    for row in where.rows(session, _DECISIONS, **page(limit, offset)):
        codes = visible.rows(session, _COVERED, decision=row["id"])
        authority = names.name(row["authority"], row["decided_on"], Authority(row["authority"]).label)
        more = {"authority_label": authority, "projects": [project["code"] for project in codes]}
        shown.append({key: value for key, value in row.items() if key != "id"} | more)
    return shown


_DECISIONS = """
    SELECT d.id, d.number, d.decided_on, d.signer, d.authority, d.total, d.annex_total
    FROM decision AS d WHERE {where} ORDER BY d.decided_on DESC, d.id DESC LIMIT :limit OFFSET :offset"""
#: A line that was taken back grants nothing, so its project is not named.
_GRANTED = """
    p.id IN (SELECT l.project_id FROM decision_line AS l WHERE l.decision_id = :decision
             GROUP BY l.project_id HAVING sum(l.amount * l.direction) > 0)"""
_COVERED = "SELECT p.code FROM project AS p WHERE {where} ORDER BY p.code"
