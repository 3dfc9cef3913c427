"""What a register of an earlier revision lacks, entered by events: nothing that was recorded is changed.

Since 0002 contracts, acceptances and adjustment requests are rows of their own, and the counterpart of a closed
project closes too. What was recorded before gets these, with a note that says so, and the rules shipped since.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlmodel import Session

from models.append import SELF, Draft, Origin, append
from models.asked import json_text, kinds_text
from models.deadlines import rebuild, steps_taken
from models.prepayments import load_prepayments
from models.priorities import load_priorities
from models.reminders.rules import load_reminders
from models.statement import Statement
from models.store import Store
from models.subjects import row_of
from states.actions import Action, Entry
from states.adjustments import adjustment_authority
from states.clocks import Taken
from states.vocabulary import STATE_FUND, Change, MoneyKind, Outcome, RequestStatus, Route, Source, Stage

NOTE = "Bổ sung theo cấu trúc mới của sổ"
_CLOSED = frozenset({Stage.SETTLED, Stage.STOPPED, Stage.RECOVERING, Stage.RECOVERED, Stage.WRITTEN_OFF})


class _Signing(NamedTuple):
    """What makes two signings one contract."""

    authority: str
    number: str
    signed_on: date
    route: str
    unit_id: int


@dataclass(frozen=True, slots=True)
class _Project:
    """An approved project with its standing steps and its sums in đồng by source and kind."""

    row: Mapping[str, Any]
    taken: list[Taken]
    sums: Mapping[Source, Mapping[str, int]]

    @property
    def id(self) -> int:
        return int(self.row["id"])

    def last(self, *actions: Action) -> Taken | None:
        return next((step for step in reversed(self.taken) if step.action in actions), None)

    def sum(self, source: Source, *kinds: MoneyKind) -> int:
        return sum(int(self.sums.get(source, {}).get(kind, 0)) for kind in kinds)


def fill_in(store: Store, *, at: datetime, os_user: str = "") -> int:
    """Enter what is missing, in one transaction, and answer with the number of events. Again it enters nothing."""
    with store.write() as session:
        before = _HEAD.one(session).last_event_id
        origin = Origin(at, None, "upgrade", os_user)
        for rules, load in _SHIPPED_LATER:
            if not rules.one(session).n:
                load(session, origin)
        projects = list(_approved(session))
        contracts = _open_contracts(session, projects, origin)
        for project in projects:
            _complete(session, project, contracts.get(project.id), origin)
        entered = int(_HEAD.one(session).last_event_id - before)
        if entered:
            rebuild(session)
        return entered


_HEAD = Statement("SELECT last_event_id FROM ledger_head")
#: Rules that earlier revisions did not have.
_SHIPPED_LATER = (
    (Statement("SELECT count(*) AS n FROM prepayment_rule"), load_prepayments),
    (Statement("SELECT count(*) AS n FROM priority_rule"), load_priorities),
    (Statement("SELECT count(*) AS n FROM reminder_rule"), load_reminders),
)


def _approved(session: Session) -> Iterator[_Project]:
    for row in _APPROVED.rows(session):
        sums = {Source(funding.source): funding._asdict() for funding in _FUNDING.rows(session, id=row.id)}
        yield _Project(row_of(session, "project", row.id), steps_taken(session, row.id), sums)


_APPROVED = Statement("SELECT DISTINCT project_id AS id FROM funding WHERE approved > 0 ORDER BY project_id")
_FUNDING = Statement("SELECT * FROM funding WHERE project_id = :id")


def _open_contracts(session: Session, projects: list[_Project], origin: Origin) -> dict[int, int]:
    """Open a contract for each signing that has none; answer which contract each project gets."""
    signed: defaultdict[_Signing, list[_Project]] = defaultdict(list)
    signers: dict[_Signing, str] = {}
    for project in projects:
        step = project.last(Action.SIGN_CONTRACT)
        if step is None or project.row["contract_id"] is not None:
            continue
        body = _body(session, step.event_id)
        signing = _Signing(body["authority"], body["number"], step.on, step.route, project.row["unit_id"])
        signed[signing].append(project)
        signers[signing] = body["signer"]
    contracts: dict[int, int] = {}
    for signing, group in signed.items():
        number = signing.number or f"(không ghi số, đề án {group[0].row['code']})"
        if _TAKEN.rows(session, authority=signing.authority, number=number, on=signing.signed_on.isoformat()):
            number = f"{number} (đơn vị {signing.unit_id})"
        [opened] = append(session, [_contract(session, signing, number, signers[signing], group)], origin)
        contracts |= {project.id: opened.subject_id for project in group}
    return contracts


_TAKEN = Statement(
    "SELECT id FROM contract WHERE authority = :authority AND number = :number AND CAST(signed_on AS TEXT) = :on"
)


def _contract(session: Session, signing: _Signing, number: str, signer: str, group: list[_Project]) -> Draft:
    rows: list[dict[str, Any]] = [
        {"contract_id": SELF, "project_id": project.id, "source": str(source), "amount": amount, "direction": 1}
        for project in group
        for source in project.sums
        if (amount := project.sum(source, MoneyKind.CONTRACTED))
    ]
    values = {
        **signing._asdict(),
        "number": number,
        "signer": signer,
        "party_a": "",
        "party_b": _UNIT.one(session, id=signing.unit_id).name,
        "total": sum(row["amount"] for row in rows if row["source"] != Source.COUNTERPART),
    }
    return Draft("contract", str(Entry.OPEN), set=values, lines={"contract_line": rows}, number=number, note=NOTE)


_UNIT = Statement("SELECT name FROM unit WHERE id = :id")


def _complete(session: Session, project: _Project, contract_id: int | None, origin: Origin) -> None:
    """Give a project its open request, its contract, its acceptance and the end of its counterpart.

    Each event names the step that it completes, so that undoing the step undoes it too.
    """
    asked = project.last(Action.REQUEST_ADJUSTMENT)
    if asked is not None and project.row["adjustment_open"] and not _OPEN_REQUEST.rows(session, id=project.id):
        [opened] = append(session, [_request(session, project, asked)], origin)
        _enter(session, project, asked, origin, beside={"adjustment": opened.subject_id})
    signed, measured = project.last(Action.SIGN_CONTRACT), project.last(Action.ACCEPT, Action.STOP)
    closed = project.last(Action.SETTLE, Action.STOP)
    if signed is not None and contract_id is not None:
        columns, beside = {"contract_id": contract_id}, {"contract": contract_id}
        _enter(session, project, signed, origin, columns=columns, beside=beside)
    if measured is not None and (rows := _acceptances(session, project, measured.on)):
        _enter(session, project, measured, origin, lines={"acceptance": rows})
    if closed is not None and (entries := _counterpart(project)):
        _enter(session, project, closed, origin, lines={"money_entry": entries})


def _enter(
    session: Session,
    project: _Project,
    step: Taken,
    origin: Origin,
    *,
    columns: Mapping[str, Any] = MappingProxyType({}),
    lines: Mapping[str, list[dict[str, Any]]] = MappingProxyType({}),
    beside: Mapping[str, int] = MappingProxyType({}),
) -> None:
    row = row_of(session, "project", project.id)
    draft = Draft(
        "project",
        str(Entry.CORRECT),
        project.id,
        row["version"],
        row["previous"],
        set=dict(columns),
        was=dict.fromkeys(columns),
        lines=dict(lines),
        from_stage=str(row["stage"]),
        to_stage=str(row["stage"]),
        note=NOTE,
        more={"completes": step.event_id, **beside},
    )
    append(session, [draft], origin)


_OPEN_REQUEST = Statement("SELECT id FROM adjustment WHERE project_id = :id AND status = 'open'")


def _acceptances(session: Session, project: _Project, held_on: date) -> list[dict[str, Any]]:
    support = project.sum(STATE_FUND[Route(project.row["route"])], MoneyKind.ACCEPTED)
    counterpart = project.sum(Source.COUNTERPART, MoneyKind.ACCEPTED)
    if not (support or counterpart) or _HAS_ACCEPTANCE.rows(session, id=project.id):
        return []
    quantities = {row.target_code: row.accepted for row in _ACCEPTED.rows(session, id=project.id)}
    return [
        {
            "project_id": project.id,
            "beneficiary_id": None,
            "outcome": str(Outcome.PASSED),
            "held_on": held_on,
            "cost": 0,
            "support": support,
            "counterpart": counterpart,
            "quantities": json_text(quantities),
            "reason": NOTE,
            "direction": 1,
        }
    ]


_HAS_ACCEPTANCE = Statement("SELECT 1 AS found FROM acceptance WHERE project_id = :id")
_ACCEPTED = Statement("SELECT target_code, accepted FROM contribution WHERE project_id = :id AND accepted > 0")


def _counterpart(project: _Project) -> list[dict[str, Any]]:
    """The entries that make the counterpart of a closed project close. Basis: design §9, "Money"."""
    if project.row["stage"] not in _CLOSED:
        return []
    spent = project.sum(Source.COUNTERPART, MoneyKind.ACCEPTED)
    promised = project.sum(Source.COUNTERPART, MoneyKind.APPROVED, MoneyKind.ADJUSTED)
    wanted = {
        MoneyKind.ADJUSTED: project.sum(Source.COUNTERPART, MoneyKind.ADJUSTED) + max(spent - promised, 0),
        MoneyKind.PAID: spent,
        MoneyKind.SETTLED: spent,
        MoneyKind.RELEASED: max(promised - spent, 0),
    }
    changes = {kind: amount - project.sum(Source.COUNTERPART, kind) for kind, amount in wanted.items()}
    return [
        {
            "project_id": project.id,
            "beneficiary_id": None,
            "source": str(Source.COUNTERPART),
            "kind": str(kind),
            "amount": abs(change),
            "direction": 1 if change > 0 else -1,
        }
        for kind, change in changes.items()
        if change
    ]


def _request(session: Session, project: _Project, step: Taken) -> Draft:
    """The open request as a row; its paper came with the confirmation of the department."""
    body = _body(session, step.event_id)
    kinds = frozenset({Change.OTHER_NOT_INCREASING})
    values = {
        "project_id": project.id,
        "status": str(RequestStatus.OPEN),
        "number": body["number"],
        "requested_on": step.on,
        "reason": body["note"],
        "kinds": kinds_text(kinds),
        "authority": str(adjustment_authority(step.route, kinds).authority),
        "asked": "{}",
        "was": "{}",
        "confirmed_number": body["number"],
        "confirmed_on": step.on,
        "confirmed_signer": "",
        "decision_number": "",
        "decided_on": None,
        "decision_signer": "",
        "granted": "",
    }
    return Draft("adjustment", str(Entry.OPEN), set=values, number=body["number"], note=NOTE)


def _body(session: Session, event_id: int) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(_BODY.one(session, id=event_id).body)
    return body


_BODY = Statement("SELECT body FROM event WHERE id = :id")
