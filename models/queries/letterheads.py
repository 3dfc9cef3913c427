"""What papers print about bodies and about what was decided before: names of their day, abbreviations, numbers."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from models.queries.places import gazetteer
from models.queries.scope import Where
from states.actions import Action
from states.vocabulary import Authority


@dataclass(frozen=True, slots=True)
class Letterhead:
    """A body as it heads a paper of a day. A unit that is no body of the register has its name and nothing else."""

    authority: Authority
    name: str
    letters: str = ""
    head: str = ""
    place: str = ""
    verified: bool = True


def letterhead(session: Session, authority: Authority, on: str, unit_name: str = "") -> Letterhead:
    """The body behind an authority on a day (ISO); of the executing units the one of this name."""
    where = Where()
    where.add("b.authority = :authority", authority=str(authority))
    where.add("coalesce(b.valid_from, '0001-01-01') <= :on AND coalesce(b.valid_to, '9999-12-31') >= :on", on=on)
    if authority is Authority.UNIT:
        where.add("b.name = :name", name=unit_name)
    for row in where.rows(session, _BODIES):
        places = gazetteer(session)
        place = places.units[row["place_id"]] if row["place_id"] else None
        return Letterhead(
            authority,
            row["name"],
            row["letters"],
            row["head"],
            f"{place['kind']} {place['name']}" if place else "",
            bool(row["verified"]),
        )
    return Letterhead(authority, unit_name or authority.label)


_BODIES = "SELECT b.name, b.letters, b.head, b.place_id, b.verified FROM body AS b WHERE {where} ORDER BY b.id"


def party_a(session: Session, contract: dict[str, Any]) -> str:
    """Bên A of a contract on record: the body that signed, under its name of that day unless it was told otherwise.

    Earlier contracts hold the label of the authority where nobody told a party.
    """
    authority = Authority(contract["authority"])
    if contract["party_a"] != authority.label:
        return str(contract["party_a"])
    return letterhead(session, authority, str(contract["signed_on"])).name


def programme_paper(session: Session, code: str) -> dict[str, Any]:
    """The decision behind a programme: number, day, issuer, and whether its figures were read in it."""
    where = Where()
    where.add("p.code = :code", code=code)
    [found] = where.rows(session, _PROGRAMME)
    return found | {"verified": bool(found["verified"])}


_PROGRAMME = "SELECT p.name, p.number, p.issued_on, p.issuer, p.verified FROM programme AS p WHERE {where}"


def approvals_of(session: Session, codes: list[str]) -> list[dict[str, Any]]:
    """The decisions that approved these projects and still stand: number, day and authority, the earliest first."""
    where = Where()
    where.add("p.code IN :codes", codes=codes)
    where.add(f"e.action = '{Action.APPROVE}'")
    return where.rows(session, _APPROVALS)


# The approval that stands is the latest one: an approval taken back was entered again, or the project is in no list.
_APPROVALS = """
    SELECT DISTINCT e.number, e.decided_on, e.authority FROM project AS p JOIN event AS e ON e.id = (
        SELECT max(a.id) FROM event AS a
        WHERE a.subject_kind = 'project' AND a.subject_id = p.id AND a.action = 'approve')
    WHERE {where} ORDER BY e.decided_on, e.number"""


def contract_under(session: Session, *, contract_id: int) -> dict[str, Any]:
    """One contract with the codes of its projects, whoever asks: the caller has seen to the scope."""
    where = Where()
    where.add("c.id = :id", id=contract_id)
    [head] = where.rows(session, _CONTRACT)
    where = Where()
    where.add("p.contract_id = :id", id=contract_id)
    codes = [row["code"] for row in where.rows(session, "SELECT p.code FROM project AS p WHERE {where} ORDER BY p.id")]
    return head | {"codes": codes, "party_a": party_a(session, head)}


_CONTRACT = """
    SELECT c.id, c.number, c.signed_on, c.authority, c.route, c.party_a, c.party_b FROM contract AS c WHERE {where}"""
