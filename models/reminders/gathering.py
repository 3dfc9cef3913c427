"""What waits to be told, with everything a letter says about it: plain values, in a few statements for everybody."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from models.loading import day_of
from models.queries.deadlines import registrations
from models.queries.scope import Where
from models.reminders.open_work import CHUNK, office_day, quiet_until
from models.rulebook import Rulebook, rulebook
from states.counting import workdays_between, workdays_left
from states.lifecycle import stage_label
from states.posting import AnswerKind, Channel, ObligationStatus
from states.reminder_rules import Audience, ReminderKind, ReminderRule
from states.vocabulary import Route, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldBefore:
    """A reminder of the same thing that went to the person in charge."""

    on: date
    channel: Channel
    arrived: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One reminder to be told, for the person with the code `person`.

    Of a deadline `printed_on`, `rolled_on`, `safe_on` are set, of a standstill `since`. `workdays` counts to the safe
    day while there is time and is negative once overdue; of a standstill it is how long it lasts. `sequence` is the
    version of the deadline's dates, from 0. `owners` and `told` are filled for those above the person in charge.
    """

    key: str
    about: str
    person: str
    audience: Audience
    urgent: bool
    ordinal: int
    code: str
    name: str
    task: str
    why: str
    workdays: int
    printed_on: date | None = None
    rolled_on: date | None = None
    safe_on: date | None = None
    sequence: int = 0
    statutory: bool = False
    provisional: bool = False
    basis: str = ""
    since: date | None = None
    owners: tuple[str, ...] = ()
    told: tuple[ToldBefore, ...] = ()
    acknowledged_on: date | None = None

    @property
    def series(self) -> str:
        return self.about.rpartition("@")[0]

    @property
    def is_escalation(self) -> bool:
        return self.audience is not Audience.OWNER and self.rolled_on is not None


def waiting(session: Session, *, as_of: date) -> list[Owed]:
    """Every reminder that is in no letter yet, the latest of each person last."""
    where = Where()
    where.add("r.status = :waiting", waiting=str(ObligationStatus.WAITING))
    return gather(session, where, as_of=as_of)


def gather(session: Session, where: Where, *, as_of: date) -> list[Owed]:
    """Reminders that match the conditions on `reminder AS r`, with the facts of their deadline or project.

    What has no deadline and no project any more is left out: the next sweep cancels it.
    """
    rows = where.rows(session, _ROWS)
    book = rulebook(session)
    rules = {rule.id: rule for rule in book.reminders}
    subjects = sorted({row["subject"] for row in rows})
    world = _World(session, book, subjects, as_of)
    history = _History(session, subjects)
    found = []
    for row in rows:
        facts = world.facts(row["about"], row["subject"], rules.get(row["rule"]))
        if facts is None:
            continue
        audience = Audience(row["audience"])
        above = audience is not Audience.OWNER and "rolled_on" in facts
        more = history.above(row["about"]) if above else {}
        found.append(
            Owed(
                key=row["key"],
                about=row["about"],
                person=row["code"],
                audience=audience,
                urgent=bool(row["urgent"]),
                ordinal=history.ordinal(row["person_id"], row["about"]),
                sequence=history.sequence(row["about"]),
                why=_why(rules.get(row["rule"])),
                **facts,
                **more,
            )
        )
    return found


_ROWS = """
    SELECT r.key, r.about, r.subject, r.person_id, r.rule, r.audience, r.urgent, n.code
    FROM reminder AS r JOIN person AS n ON n.id = r.person_id WHERE {where} ORDER BY r.person_id, r.due_on, r.key"""


def _why(rule: ReminderRule | None) -> str:
    """Why somebody above the person in charge is told, beginning a sentence; the person in charge knows."""
    if rule is None or rule.audience is Audience.OWNER:
        return ""
    return rule.label[:1].upper() + rule.label[1:]


class _World:
    """Projects and deadlines of some subjects, read at once."""

    def __init__(self, session: Session, book: Rulebook, subjects: list[str], as_of: date) -> None:
        self._book, self._as_of = book, as_of
        self._projects = {row["code"]: row for row in _chunks(session, _PROJECTS, "p.code", subjects)}
        self._deadlines = {
            f"deadline:{row['code']}/{row['clock']}/{row['started_by']}": row
            for row in _chunks(session, _DEADLINES, "p.code", subjects)
        }
        self._rules = {rule.code: rule for rule in book.rules}
        for row in registrations(session, book, as_of):
            subject = f"{row['kind']}-{as_of.year + 1}"
            day = {"printed_on": row["printed_on"], "rolled_on": row["due_on"], "safe_on": row["safe_on"]}
            self._deadlines[f"deadline:{subject}/{row['kind']}/0"] = row | day | {"provisional": row["provisional"]}
            self._projects[subject] = {"code": subject, "name": row["name"]}

    def facts(self, about: str, subject: str, rule: ReminderRule | None) -> dict[str, Any] | None:
        project = self._projects.get(subject)
        if project is None:
            return None
        named = {"code": project["code"], "name": project["name"]}
        series, _, _ = about.rpartition("@")
        if series.startswith("deadline:"):
            row = self._deadlines.get(series)
            return None if row is None or row["safe_on"] is None else named | self._of_deadline(row)
        return named | self._of_standstill(project, ReminderKind(series.partition(":")[0]))

    def _of_deadline(self, row: Mapping[str, Any]) -> dict[str, Any]:
        rule = self._rules[row["rule"]]
        printed, rolled, safe = (day_of(row[name]) for name in ("printed_on", "rolled_on", "safe_on"))
        assert rolled is not None
        assert safe is not None
        aim = rolled if self._as_of > rolled else max(safe, self._as_of)
        return {
            "task": rule.label,
            "printed_on": printed,
            "rolled_on": rolled,
            "safe_on": safe,
            "workdays": workdays_left(self._as_of, aim, self._book.calendar).count,
            "statutory": rule.statutory,
            "provisional": bool(row["provisional"]),
            "basis": rule.basis,
        }

    def _of_standstill(self, project: Mapping[str, Any], kind: ReminderKind) -> dict[str, Any]:
        label = stage_label(Stage(project["stage"]), Route(project["route"]))
        what = "chưa có việc gì được ghi thêm" if kind is ReminderKind.INACTIVITY else "đang chờ xử lý"
        done_on = office_day(project["last_at" if kind is ReminderKind.INACTIVITY else "moved_at"])
        since = quiet_until(project["stage"], project["ends_on"], done_on)
        passed = workdays_between(since, self._as_of, self._book.calendar).count
        return {"task": f"«{label}»: {what}", "since": since, "workdays": passed}


def _chunks(session: Session, sql: str, column: str, values: list[str], **more: Any) -> Iterable[dict[str, Any]]:
    for start in range(0, len(values), CHUNK):
        where = Where()
        where.add(f"{column} IN :values", values=values[start : start + CHUNK])
        yield from where.rows(session, sql, **more)


_PROJECTS = """
    SELECT p.code, p.name, p.stage, p.route, p.moved_at, p.ends_on, e.recorded_at AS last_at
    FROM project AS p JOIN event AS e ON e.id = p.last_event_id WHERE {where}"""
_DEADLINES = """
    SELECT p.code, d.clock, d.started_by, d.rule, d.printed_on, d.rolled_on, d.safe_on, d.provisional
    FROM deadline AS d JOIN project AS p ON p.id = d.project_id WHERE d.status <> 'closed' AND {where}"""


class _History:
    """What was told before about some subjects."""

    def __init__(self, session: Session, subjects: list[str]) -> None:
        self._letters: dict[tuple[int, str], set[int]] = defaultdict(set)
        self._versions: dict[str, list[str]] = defaultdict(list)
        self._owners: dict[str, dict[str, list[ToldBefore]]] = defaultdict(lambda: defaultdict(list))
        for row in _chunks(session, _TOLD, "r.subject", subjects):
            series = row["about"].rpartition("@")[0]
            if row["about"] not in self._versions[series]:
                self._versions[series].append(row["about"])
            if row["outbox_id"] is None:
                continue
            self._letters[row["person_id"], series].add(row["outbox_id"])
            if row["audience"] == Audience.OWNER:
                self._owners[row["about"]][row["name"]].append(_told_before(row))
        self._acknowledged = {
            row["about"]: office_day(row["recorded_at"])
            for row in Where().rows(session, _ACKNOWLEDGED, kind=str(AnswerKind.ACKNOWLEDGE))
        }

    def ordinal(self, person_id: int, about: str) -> int:
        """Which reminder this is, counted over all versions of the deadline."""
        return len(self._letters[person_id, about.rpartition("@")[0]]) + 1

    def sequence(self, about: str) -> int:
        """Which version of its dates a deadline has, from 0 in the order in which the ledger met them."""
        known = self._versions[about.rpartition("@")[0]]
        return known.index(about) if about in known else len(known)

    def above(self, about: str) -> dict[str, Any]:
        """Who is in charge and when they were told, for a letter to those above them."""
        owners = self._owners.get(about, {})
        told = sorted((one for rows in owners.values() for one in rows), key=lambda one: one.on)
        return {
            "owners": tuple(sorted(owners)),
            "told": tuple(dict.fromkeys(told)),
            "acknowledged_on": self._acknowledged.get(about),
        }


def _told_before(row: Mapping[str, Any]) -> ToldBefore:
    on = office_day(row["finished_at"]) if row["finished_at"] else date.fromisoformat(row["swept_on"])
    arrived = row["status"] == ObligationStatus.TOLD
    return ToldBefore(on=on, channel=Channel(row["channel"]), arrived=arrived)


_TOLD = """
    SELECT r.person_id, r.about, r.audience, r.status, r.swept_on, r.outbox_id, o.channel, o.finished_at, n.name
    FROM reminder AS r JOIN person AS n ON n.id = r.person_id LEFT JOIN outbox AS o ON o.id = r.outbox_id
    WHERE {where} ORDER BY r.created_at, r.key"""
_ACKNOWLEDGED = """
    SELECT a.about, e.recorded_at FROM acknowledgement AS a JOIN event AS e ON e.id = a.id
    WHERE a.kind = :kind ORDER BY a.id"""
