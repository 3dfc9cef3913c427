"""The ledger for those who watch: every event, one event with its hash, a subject proved, and the newest seals."""

import json
from typing import Annotated, Any

from fastapi import Path
from fastapi.responses import Response

from models.queries.events import ACTION_LABELS, KIND_LABELS, event, events
from models.reminders.links import secret_key
from models.seals import check_newest
from models.verify_subject import verify_subject
from states.reading import read_date, read_id
from states.refusal import Refused
from states.vocabulary import Role
from web.access import Pages
from web.desk import AtDesk
from web.fields import Fields
from web.rendering import address

pages = Pages()

READERS = frozenset({Role.AUDITOR, Role.LEADER, Role.COORDINATOR, Role.ADMINISTRATOR})
WATCHERS = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})
#: The number of a row in an address; the databases know no larger one.
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
#: What the page of the seals looks at; the night recomputes every one.
SEALS_SHOWN, EVENTS_HASHED = 30, 100_000


def tabs(visit: AtDesk) -> list[tuple[str, str]]:
    """The parts of the log that the visitor may open."""
    everyones = [("/log", "Sự kiện"), ("/log/seals", "Niêm phong")]
    watchers = [("/log/denials", "Bị từ chối"), ("/log/access", "Đăng nhập")]
    return everyones + (watchers if visit.person.role in WATCHERS else [])


@pages.show("/log", who=READERS, label="Nhật ký: các sự kiện")
def log(visit: AtDesk) -> Response:
    form = Fields(visit.request.query_params)
    wanted: dict[str, Any] = {
        "kind": form.typed("kind") or None,
        "subject_id": form.read("subject", read_id),
        "who": form.typed("person").strip() or None,
        "action": form.typed("action") or None,
        "since": form.read("since", read_date),
        "until": form.read("until", read_date),
        "before": form.read("before", read_id),
    }
    page = None
    if not form.mistakes:
        try:
            with visit.reading() as session:
                page = events(session, **wanted)
        except Refused as refused:
            form.refused(refused, {"person": ("người dùng",), "kind": ("loại hồ sơ",)})
    kept = {name: form.typed(name) for name in ("kind", "subject", "person", "action", "since", "until")}
    onward = address("/log", before=page.onward, **kept) if page and page.onward else ""
    values = {"tabs": tabs(visit), "page": page, "onward": onward, "newest": address("/log", **kept)}
    return visit.page(
        "log.html",
        status=400 if form.mistakes else 200,
        form=form,
        kinds=list(KIND_LABELS.items()),
        actions=list(ACTION_LABELS.items()),
        **values,
    )


@pages.show("/log/events/{number}", who=READERS, label="Nhật ký: một sự kiện")
def one_event(visit: AtDesk, number: Id, verify: str = "") -> Response:
    """One event as it was hashed; with `verify` its whole subject replayed and compared with its rows."""
    with visit.reading() as session:
        found = event(session, number)
        proved = verify_subject(session, found["subject_kind"], found["subject_id"]) if verify else None
    return visit.page("log_event.html", event=found, shown=_indented(found["body"]), proved=proved, tabs=tabs(visit))


def _indented(body: str) -> str:
    """The body for people to read; where it is no JSON any more, as it stands."""
    try:
        return json.dumps(json.loads(body), ensure_ascii=False, indent=2)
    except ValueError:
        return body


@pages.show("/log/seals", who=READERS, label="Nhật ký: niêm phong và kiểm tra")
def seals_page(visit: AtDesk) -> Response:
    path = visit.desk.settings.seal_key_path
    why, checked = "", []
    try:
        if not path.exists():
            raise Refused("Chưa có khóa niêm nên chưa kiểm tra được; khóa được tạo khi niêm lần đầu (việc ban đêm).")
        key = secret_key(path)
        with visit.reading() as session:
            checked = check_newest(session, key, newest=SEALS_SHOWN, most_events=EVENTS_HASHED)
    except Refused as refused:
        why = " ".join(refused.reasons)
    return visit.page("log_seals.html", checked=checked, why=why, tabs=tabs(visit))
