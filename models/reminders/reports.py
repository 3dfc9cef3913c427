"""Who was told what, when, over which channel and with which outcome: the ledger of reminders and the outbox, read.

No address stands in any of these answers, and no token: whoever may see that a letter left need not see where to.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlmodel import Session

from models.codes import id_of
from models.columns import instant_text
from models.queries.scope import PAGE, Where, page, readable_by
from models.reminders.handover import Held
from models.reminders.open_work import CHUNK
from models.rulebook import rulebook
from states.facts import OFFICE_TIME, Person
from states.posting import Channel, Letter, ObligationStatus, OutboxStatus
from states.refusal import Refused
from states.reminder_rules import Audience
from states.reminding import short_id
from states.vocabulary import Role

#: These see their own letters only: a letter names projects of others and what others have not done.
LIMITED = frozenset({Role.CENTRE_OFFICER, Role.COMMUNE_VIEWER})


# --- letters ------------------------------------------------------------------------------------------


def letters(
    session: Session,
    *,
    status: OutboxStatus | None = None,
    channel: Channel | None = None,
    who: str | None = None,
    since: date | None = None,
    reader: Person | None = None,
    limit: int = PAGE,
    offset: int = 0,
) -> list[dict[str, Any]]:
    """The letters of the outbox, newest first. Raises Refused for an unknown person."""
    where = _own_letters(reader)
    if status is not None:
        where.add("o.status = :status", status=str(status))
    if channel is not None:
        where.add("o.channel = :channel", channel=str(channel))
    if who is not None:
        where.add("o.person_id = :who", who=id_of(session, "person", who))
    if since is not None:
        where.add("o.made_at >= :since", since=instant_text(datetime.combine(since, time.min, OFFICE_TIME)))
    found = where.rows(session, _LETTERS + " ORDER BY o.id DESC LIMIT :limit OFFSET :offset", **page(limit, offset))
    return [_letter(row) for row in found]


def letter(session: Session, outbox_id: int, *, reader: Person | None = None) -> dict[str, Any]:
    """One letter with every attempt, the reminders in it, and the letters before and after it on other channels.

    Raises Refused alike for a number that does not exist and one that the reader may not see.
    """
    row = _row(session, outbox_id, reader)
    kin = Where()
    kin.add("o.id = :parent OR o.parent_id = :id", parent=row["parent_id"], id=outbox_id)
    others = kin.rows(session, _LETTERS + " ORDER BY o.id")
    return _letter(row) | {
        "attempts": _attempts(session, [outbox_id])[outbox_id],
        "reminders": reminders_in_letters(session, [outbox_id]),
        "replaces": next((_letter(one) for one in others if one["id"] == row["parent_id"]), None),
        "replaced_by": next((_letter(one) for one in others if one["parent_id"] == outbox_id), None),
    }


def letter_to_print(session: Session, outbox_id: int, *, reader: Person | None = None) -> Held:
    """A letter as whoever prints it needs it; nobody holds it. Raises Refused as `letter` does."""
    row = _row(session, outbox_id, reader)
    return Held(
        id=row["id"],
        key=row["key"],
        person_id=row["person_id"],
        person=row["person"] or "",
        name=row["name"] or "",
        channel=Channel(row["channel"]),
        letter=Letter(row["letter"]),
        subject=row["subject"],
        body=row["body"],
        made_at=datetime.fromisoformat(row["made_at"]),
        expires_at=datetime.fromisoformat(row["expires_at"]) if row["expires_at"] else None,
        attempt=row["attempts"],
        was_cut_off=False,
    )


def last_letter(session: Session) -> int:
    """The number of the newest letter, 0 while there is none."""
    return int(Where().rows(session, "SELECT coalesce(max(id), 0) AS id FROM outbox")[0]["id"])


def letters_after(session: Session, outbox_id: int) -> list[int]:
    """The numbers of the letters that were written after one, oldest first."""
    where = Where()
    where.add("o.id > :after", after=outbox_id)
    return [row["id"] for row in where.rows(session, "SELECT o.id FROM outbox AS o WHERE {where} ORDER BY o.id")]


def letter_counts(session: Session) -> dict[Channel, dict[OutboxStatus, int]]:
    """How many letters of each channel stand how; what is not there is 0."""
    found: dict[Channel, dict[OutboxStatus, int]] = {channel: dict.fromkeys(OutboxStatus, 0) for channel in Channel}
    for row in Where().rows(session, "SELECT channel, status, count(*) AS n FROM outbox GROUP BY channel, status"):
        found[Channel(row["channel"])][OutboxStatus(row["status"])] = row["n"]
    return found


_LETTERS = """
    SELECT o.id, o.key, o.person_id, o.channel, o.letter, o.status, o.subject, o.body, o.made_at, o.not_before,
           o.expires_at, o.attempts, o.leased_by, o.leased_until, o.parent_id, o.outcome, o.detail, o.finished_at,
           n.code AS person, n.name
    FROM outbox AS o LEFT JOIN person AS n ON n.id = o.person_id WHERE {where}"""


def _own_letters(reader: Person | None) -> Where:
    where = Where()
    if reader is not None and reader.role in LIMITED:
        where.add("o.person_id = :reader", reader=reader.id)
    return where


def _row(session: Session, outbox_id: int, reader: Person | None) -> dict[str, Any]:
    where = _own_letters(reader)
    where.add("o.id = :id", id=outbox_id)
    found = where.rows(session, _LETTERS)
    if not found:
        raise Refused(f"Không có thư số {outbox_id} để xem; hãy kiểm tra số (dean outbox list).")
    return found[0]


def _letter(row: Mapping[str, Any]) -> dict[str, Any]:
    told = ("id", "key", "person", "name", "channel", "letter", "status", "subject", "made_at", "not_before")
    more = ("expires_at", "leased_until", "parent_id", "outcome", "detail", "finished_at")
    return {name: row[name] for name in (*told, *more)} | {
        "tries": row["attempts"],
        "channel_label": Channel(row["channel"]).label,
        "letter_label": Letter(row["letter"]).label,
        "status_label": OutboxStatus(row["status"]).label,
    }


def _attempts(session: Session, ids: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    found: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    listed = sorted(set(ids))
    for start in range(0, len(listed), CHUNK):
        where = Where()
        where.add("t.outbox_id IN :ids", ids=listed[start : start + CHUNK])
        for row in where.rows(session, _ATTEMPTS):
            found[row.pop("outbox_id")].append(row)
    return found


_ATTEMPTS = """
    SELECT t.outbox_id, t.no, t.worker, t.mode, t.begun_at, t.ended_at, t.outcome, t.code, t.provider_id, t.detail
    FROM attempt AS t WHERE {where} ORDER BY t.outbox_id, t.no"""


# --- reminders ----------------------------------------------------------------------------------------


def reminders_in_letters(session: Session, ids: Iterable[int]) -> list[dict[str, Any]]:
    """The reminders that ride in some letters."""
    where = Where()
    where.add("r.outbox_id IN :ids", ids=list(ids))
    return shown_reminders(session, where.rows(session, REMINDERS + " ORDER BY r.outbox_id, r.key"))


def unwritten(session: Session) -> list[dict[str, Any]]:
    """The reminders that are in no letter yet."""
    where = Where()
    where.add("r.status = :status", status=str(ObligationStatus.WAITING))
    return shown_reminders(session, where.rows(session, REMINDERS + " ORDER BY n.code, r.key"))


def told(
    session: Session,
    *,
    since: date | None = None,
    until: date | None = None,
    who: str | None = None,
    project: str | None = None,
    rule: str | None = None,
    status: ObligationStatus | None = None,
    reader: Person | None = None,
    limit: int = PAGE,
    offset: int = 0,
) -> list[dict[str, Any]]:
    """What became of every reminder of the days from `since` to `until`, newest first, with each attempt to send it.

    `who` is the person responsible or whoever read it in their place. What was covered or cancelled says why.
    Raises Refused for an unknown person, and for a project that the reader may not see.
    """
    where = _told(session, since, until, who, project, rule, reader)
    if status is not None:
        where.add("r.status = :status", status=str(status))
    order = " ORDER BY r.swept_on DESC, n.code, r.subject, r.key LIMIT :limit OFFSET :offset"
    rows = shown_reminders(session, where.rows(session, REMINDERS + order, **page(limit, offset)))
    ways = _ways(session, [row["letter_id"] for row in rows if row["letter_id"] is not None])
    attempts = _attempts(session, [one for way in ways.values() for one, _ in way])
    for row in rows:
        way = ways.get(row["letter_id"], ())
        row["attempts"] = [{"channel": channel, **each} for one, channel in way for each in attempts[one]]
    return rows


def told_counts(
    session: Session,
    *,
    since: date | None = None,
    until: date | None = None,
    who: str | None = None,
    project: str | None = None,
    rule: str | None = None,
    reader: Person | None = None,
) -> dict[str, int]:
    """How many reminders of the same choice ended how."""
    where = _told(session, since, until, who, project, rule, reader)
    counts = dict.fromkeys(map(str, ObligationStatus), 0)
    return counts | {row["status"]: row["n"] for row in where.rows(session, _COUNTS)}


def _told(
    session: Session,
    since: date | None,
    until: date | None,
    who: str | None,
    project: str | None,
    rule: str | None,
    reader: Person | None,
) -> Where:
    where = readable_by(reader)
    if rule is not None:
        where.add("r.rule = :rule", rule=rule)
    if since is not None:
        where.add("r.swept_on >= :since", since=since.isoformat())
    if until is not None:
        where.add("r.swept_on <= :until", until=until.isoformat())
    if who is not None:
        where.add("r.person_id = :who OR o.person_id = :who", who=id_of(session, "person", who))
    if project is not None:
        _refuse_unknown(session, project, reader)
        where.add("r.subject = :project", project=project)
    return where


def _refuse_unknown(session: Session, subject: str, reader: Person | None) -> None:
    """Refuse what is neither a project that the reader may see nor, for who sees everything, a deadline of the year."""
    where = readable_by(reader)
    where.add("r.subject = :subject", subject=subject)
    if where.rows(session, REMINDERS + " LIMIT 1"):
        return
    known = readable_by(reader)
    known.add("p.code = :subject", subject=subject)
    if not known.rows(session, "SELECT p.id FROM project AS p WHERE {where}"):
        raise Refused(f"Không có đề án {subject} để xem; hãy kiểm tra mã (dean project search).")


_FROM = """
    FROM reminder AS r JOIN person AS n ON n.id = r.person_id LEFT JOIN outbox AS o ON o.id = r.outbox_id
    LEFT JOIN person AS w ON w.id = o.person_id LEFT JOIN project AS p ON p.code = r.subject WHERE {where}"""
REMINDERS = f"""
    SELECT r.key, r.about, r.subject, r.rule, r.audience, r.urgent, r.due_on, r.swept_on, r.status, r.covered_by,
           r.reason, r.outbox_id, n.code, n.name, w.code AS reader, w.name AS reader_name, p.name AS project_name,
           o.channel, o.letter, o.status AS letter_status, o.outcome, o.detail, o.finished_at, o.not_before {_FROM}"""
_COUNTS = f"SELECT r.status, count(*) AS n {_FROM} GROUP BY r.status"


def shown_reminders(session: Session, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of REMINDERS in words, with the names that the rules bear today."""
    labels = {rule.id: rule.label for rule in rulebook(session).reminders}
    return [_reminder(row, labels) for row in rows]


def _reminder(row: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    status = ObligationStatus(row["status"])
    return {
        "key": row["key"],
        "id": short_id(row["key"]),
        "person": row["code"],
        "name": row["name"],
        "read_by": row["reader"],
        "read_by_name": row["reader_name"],
        "project": row["subject"],
        "project_name": row["project_name"] or "",
        "about": row["about"],
        "due_on": _due_on(row["about"]),
        "rule": row["rule"],
        "rule_label": labels.get(row["rule"], row["rule"]),
        "rung_on": row["due_on"],
        "audience": row["audience"],
        "audience_label": Audience(row["audience"]).label,
        "urgent": bool(row["urgent"]),
        "swept_on": row["swept_on"],
        "status": row["status"],
        "status_label": status.label,
        "reason": row["reason"],
        "covered_by": row["covered_by"],
        "letter_id": row["outbox_id"],
        "channel": row["channel"],
        "channel_label": Channel(row["channel"]).label if row["channel"] else None,
        "letter": row["letter"],
        "told_at": row["finished_at"] if status is ObligationStatus.TOLD else None,
        "outcome": row["outcome"],
        "detail": row["detail"],
    }


def _due_on(about: str) -> str | None:
    """The day that holds, as it stands in the version of the deadline; a standstill has none."""
    if not about.startswith("deadline:"):
        return None
    rolled = about.rpartition("@")[2].split("-")[1]
    return date.fromisoformat(rolled).isoformat() if rolled else None


def _ways(session: Session, ids: Iterable[int]) -> dict[int, list[tuple[int, str]]]:
    """The letters, by the last one, over which a reminder went: those that were replaced come first."""
    rows: dict[int, dict[str, Any]] = {}
    asked = set(ids)
    while asked:
        where = Where()
        where.add("o.id IN :ids", ids=sorted(asked))
        found = where.rows(session, "SELECT o.id, o.parent_id, o.channel FROM outbox AS o WHERE {where}")
        rows |= {row["id"]: row for row in found}
        asked = {row["parent_id"] for row in found if row["parent_id"] is not None} - rows.keys()
    return {last: _way(rows, last) for last in rows}


def _way(rows: Mapping[int, Mapping[str, Any]], last: int) -> list[tuple[int, str]]:
    way: list[tuple[int, str]] = []
    at: int | None = last
    while at is not None:
        way.insert(0, (at, rows[at]["channel"]))
        at = rows[at]["parent_id"]
    return way
