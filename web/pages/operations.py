"""How the office's machine is: the periodic jobs and what they missed, last night, the post, backups, figures."""

import json
import os
from collections.abc import Mapping
from datetime import date
from typing import Any

from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from flows.jobs.by_hand import run_by_hand
from flows.jobs.housekeeping import ON_SERVER, backup_folder
from flows.jobs.supervising import answers_at
from models.backups import backups, is_on_server
from models.mart import marts, shelf_of
from models.reminders.channels import channel_states
from models.reminders.reports import letter_counts
from models.seals import seals
from models.slots import overdue, slot_list
from models.store import Session
from states.posting import Channel, OutboxStatus
from states.refusal import Refused
from states.slots import TIMINGS, Job
from states.vocabulary import Role
from web.access import Pages
from web.desk import AtDesk, Visit

pages = Pages()

READERS = frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.LEADER, Role.COORDINATOR})
RUNNERS = frozenset({Role.ADMINISTRATOR, Role.COORDINATOR})
#: Runs, backups and marts that the page lists.
RUNS, FILES = 20, 8
#: What a night checks, in its order.
CHECKS = (
    ("verify", "Kiểm tra sổ", "Mọi sự kiện, dòng và tệp đúng như đã ghi."),
    ("reconcile", "Đối chiếu số tiền", "Mọi số tiền giống nhau ở mọi nơi, đúng từng đồng."),
    ("seal", "Niêm phong", "Mọi niêm khớp với các sự kiện."),
    ("mart", "Số liệu tổng hợp", "Hai cách cộng cho cùng kết quả nên số liệu được công bố."),
)


@pages.show("/operations", who=READERS, label="Vận hành")
def operations(visit: AtDesk, job: str = "") -> Response:
    chosen = Job(job) if job in {str(one) for one in TIMINGS} else None
    with visit.reading() as session:
        values: dict[str, Any] = {
            "missed": overdue(session, at=visit.at),
            "jobs": [_job(session, one) for one in TIMINGS],
            "runs": slot_list(session, job=chosen, limit=RUNS),
            "night": _last_night(session),
            "post": _post(session),
            "stopped": channel_states(session),
            "seal": next(iter(seals(session, newest=1)), None),
        }
    values |= {
        "job": str(chosen or ""),
        "checks": CHECKS,
        "labels": {str(one): one.label for one in (*TIMINGS, Job.DELIVER)},
    }
    may_run = visit.person.role in RUNNERS
    values["has_webhooks"] = any(route.path == "/operations/webhooks" for route in visit.request.app.state.permissions)
    return visit.page("operations.html", **values, **_files(visit), may_run=may_run, prefect=_prefect())


def _job(session: Session, job: Job) -> dict[str, Any]:
    """A periodic job with its hour and its newest run."""
    newest = next(iter(slot_list(session, job=job, limit=1)), None)
    return {"code": str(job), "label": job.label, "hour": TIMINGS[job].at.strftime("%H:%M"), "newest": newest}


def _last_night(session: Session) -> dict[str, Any] | None:
    """The newest night that came to its end, with what it kept."""
    for row in slot_list(session, job=Job.NIGHTLY, limit=10):
        if found := _kept(row):
            return row | {"found": found}
    return None


def _kept(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a run kept of its result; nothing where it kept none."""
    result = json.loads(row["result"] or "{}")
    return dict(result) if isinstance(result, dict) else {}


def _post(session: Session) -> list[dict[str, Any]]:
    """Letters that wait, that go out and that did not arrive, by channel; channels without letters are left out."""
    shown = (OutboxStatus.WAITING, OutboxStatus.LEASED, OutboxStatus.SENT, OutboxStatus.DEAD)
    counts = letter_counts(session)
    return [
        {"channel": str(channel), "label": channel.label} | {str(status): counts[channel][status] for status in shown}
        for channel in Channel
        if any(counts[channel].values())
    ]


def _files(visit: Visit) -> dict[str, Any]:
    """The newest backups and marts, by their day."""
    desk = visit.desk
    on_server = is_on_server(desk.store)
    copies = {} if on_server else backups(backup_folder(desk.store, desk.settings))
    shelf = shelf_of(desk.settings.home, demonstration=desk.is_demonstration)
    return {
        "on_server": ON_SERVER if on_server else "",
        "backups": [(on, path.stat().st_size) for on, path in [*copies.items()][: -FILES - 1 : -1]],
        "marts": [(kept.on, kept.size) for kept in marts(shelf)[:FILES]] if shelf.exists() else [],
    }


def _prefect() -> str:
    """The address of the Prefect beside this desk, where `dean up` has started one and it answers."""
    server = os.environ.get("PREFECT_API_URL", "").removesuffix("/api")
    is_here = server.startswith(("http://127.0.0.1:", "http://localhost:"))
    return server if is_here and answers_at(f"{server}/api/health")() else ""


@pages.show("/operations/runs/{job}/{on}", who=READERS, label="Một lần chạy việc định kỳ")
def one_run(visit: AtDesk, job: Job, on: date) -> Response:
    with visit.reading() as session:
        rows = slot_list(session, job=job, since=on, limit=1000)
    found = next((row for row in rows if row["slot"] == on.isoformat()), None)
    if found is None:
        raise Refused(f"{job.label} ngày {on:%d/%m/%Y} chưa có lần chạy nào.")
    shown = json.dumps(_kept(found), ensure_ascii=False, indent=2)
    return visit.page("operations_run.html", run=found, label=job.label, shown=shown)


@pages.act("/operations/run/{job}", who=RUNNERS, label="Chạy một việc định kỳ ngay bây giờ")
async def run_now(visit: AtDesk, job: Job) -> Response:
    return await run_in_threadpool(_run_now, visit, job)


def _run_now(visit: Visit, job: Job) -> Response:
    code = run_by_hand(visit.desk.settings, job)
    if code is None:
        told = f"{job.label} đang chạy; hãy tải lại trang sau ít phút để xem kết quả."
    elif code == 0:
        told = f"{job.label}: đã chạy xong."
    else:
        told = f"{job.label}: đã chạy và báo có sai lệch hoặc chưa làm được; hãy xem bên dưới và tệp logs/by-hand.log."
    return visit.go("/operations", told=told)
