"""The ledger across all subjects: events with their bodies and hashes, proofs, seals, and what was denied."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Query

from models.desk.access_log import access_log
from models.desk.denials import denials
from models.queries.events import event, events
from models.queries.scope import PAGE
from models.reminders.links import secret_key
from models.seals import check_newest, seals
from models.verify_subject import verify_subject
from states.refusal import Refused
from web.api.asked import Day, Id, Json, Limit, Offset, Words, paged
from web.api.routing import Endpoints
from web.desk import AtDesk
from web.pages.log import EVENTS_HASHED, READERS, SEALS_SHOWN, WATCHERS

endpoints = Endpoints(tags=["log"])

Number = Annotated[int | None, Query(ge=1, le=2**63 - 1)]


@endpoints.read("/events", who=READERS, label="Nhật ký: các sự kiện")
def listed(
    visit: AtDesk,
    kind: Words = "",
    subject: Number = None,
    person: Words = "",
    action: Words = "",
    since: Day | None = None,
    until: Day | None = None,
    before: Number = None,
    limit: Limit = PAGE,
) -> Json:
    """The newest first; `next_before` asks for those before, null at the end. A page may be short, as only so many
    events are looked through at once."""
    wanted: Json = {"kind": kind or None, "subject_id": subject, "who": person or None, "action": action or None}
    with visit.reading() as session:
        page = events(session, **wanted, since=since, until=until, before=before, limit=limit)
    return {"events": page.rows, "next_before": page.onward, "looked_to": page.looked_to}


@endpoints.read("/events/{number}", who=READERS, label="Nhật ký: một sự kiện")
def one(visit: AtDesk, number: Id) -> Json:
    """One event with its canonical body, and whether its hash holds."""
    with visit.reading() as session:
        return event(session, number)


@endpoints.read("/events/{number}/verification", who=READERS, label="Kiểm tra hồ sơ của một sự kiện")
def verified(visit: AtDesk, number: Id) -> Json:
    """Replay the whole subject of the event and compare it with its rows."""
    with visit.reading() as session:
        found = event(session, number)
        replayed, problems = verify_subject(session, found["subject_kind"], found["subject_id"])
    named = {"kind": found["subject_kind"], "subject": found["subject_id"]}
    return named | {"ok": not problems, "events": replayed, "problems": _told(problems)}


def _told(problems: Iterable[Any]) -> list[Json]:
    return [{"table": one.table, "key": str(one.key), "what": one.what} for one in problems]


@endpoints.read("/seals", who=READERS, label="Niêm phong sổ")
def sealed(visit: AtDesk, last: Annotated[int, Query(ge=1, le=10_000)] = 30) -> Json:
    with visit.reading() as session:
        return {"seals": [seal.as_json() for seal in seals(session, newest=last)]}


@endpoints.read("/seals/verification", who=READERS, label="Kiểm tra các niêm mới nhất")
def seals_verified(visit: AtDesk) -> Json:
    """The newest seals computed again from the events; the night computes every one."""
    path = visit.desk.settings.seal_key_path
    if not path.exists():
        raise Refused("Chưa có khóa niêm nên chưa kiểm tra được; khóa được tạo khi niêm lần đầu (việc ban đêm).")
    with visit.reading() as session:
        checked = check_newest(session, secret_key(path), newest=SEALS_SHOWN, most_events=EVENTS_HASHED)
    rows = [
        one.seal.as_json() | {"is_whole": one.is_whole, "problems": [asdict(problem) for problem in one.problems]}
        for one in checked
    ]
    return {"ok": not any(row["problems"] for row in rows), "seals": rows}


@endpoints.read("/denials", who=WATCHERS, label="Nhật ký: những lần bị từ chối")
def denied(visit: AtDesk, person: Words = "", limit: Limit = PAGE, offset: Offset = 0) -> Json:
    with visit.reading() as session:
        rows = denials(session, who=person.strip() or None, limit=limit + 1, offset=offset)
    return paged("denials", rows, limit, offset)


@endpoints.read("/access-notes", who=WATCHERS, label="Nhật ký: đăng nhập và mật khẩu")
def accessed(visit: AtDesk, person: Words = "", limit: Limit = PAGE, offset: Offset = 0) -> Json:
    with visit.reading() as session:
        rows = access_log(session, who=person.strip() or None, limit=limit + 1, offset=offset)
    return paged("notes", rows, limit, offset)
