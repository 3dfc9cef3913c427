"""The periodic jobs: what ran, what was missed, one run with what it kept, and running one now."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import Query

from flows.jobs.by_hand import run_by_hand
from models.slots import overdue, slot_list
from states.refusal import Refused
from states.scopes import Scope
from states.slots import Job
from web.api.asked import Json
from web.api.routing import Endpoints
from web.desk import AtDesk
from web.pages.operations import READERS, RUNNERS

endpoints = Endpoints(tags=["operations"])


@endpoints.read("/runs", who=READERS, label="Các lần chạy định kỳ")
def runs(
    visit: AtDesk, job: Job | None = None, since: date | None = None, limit: Annotated[int, Query(ge=1, le=1000)] = 50
) -> Json:
    with visit.reading() as session:
        return {"runs": [_run(row) for row in slot_list(session, job=job, since=since, limit=limit)]}


def _run(row: Mapping[str, Any]) -> Json:
    """A run; what it kept is text that its hash is of, and here the values in it."""
    return dict(row) | {"result": json.loads(row["result"]) if row["result"] else None}


@endpoints.read("/runs/missed", who=READERS, label="Những lần chạy lẽ ra đã xong mà chưa xong")
def missed(visit: AtDesk) -> Json:
    with visit.reading() as session:
        found = overdue(session, at=visit.at)
    return {"missed": [{"job": one.job, "on": one.on, "due_at": one.due_at, "reason": one.reason} for one in found]}


@endpoints.read("/runs/{job}/{on}", who=READERS, label="Một lần chạy định kỳ")
def one(visit: AtDesk, job: Job, on: date) -> Json:
    with visit.reading() as session:
        rows = slot_list(session, job=job, since=on, limit=1000)
    found = next((row for row in rows if row["slot"] == on.isoformat()), None)
    if found is None:
        raise Refused(f"{job.label} ngày {on:%d/%m/%Y} chưa có lần chạy nào.")
    return _run(found)


@endpoints.write(
    "/runs/{job}", who=RUNNERS, scope=Scope.ADMINISTRATION, label="Chạy một việc định kỳ ngay bây giờ", status=202
)
def run_now(visit: AtDesk, job: Job) -> Json:
    """Start a job and wait a little: `exit_code` null says that it still runs. Running again does no harm."""
    return {"job": job, "exit_code": run_by_hand(visit.desk.settings, job)}
