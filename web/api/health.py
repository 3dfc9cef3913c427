"""Is the desk alive, is it ready, and what does it count: for a watchdog, a proxy and a dashboard."""

from time import perf_counter
from typing import Any

from fastapi.responses import JSONResponse, PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flows.jobs.readiness import readiness
from models.reminders.reports import letter_counts
from states.refusal import Refused
from web.access import Denied, Pages
from web.desk import AtDesk
from web.roles import ANYONE
from web.watching import may_watch

pages = Pages()

#: Seconds. The pages aim at 50 ms; beyond a second somebody is waiting.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Figures:
    """What one web process counts. `registry` is read by /metrics."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "dean_http_requests", "Requests by route and status", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "dean_http_seconds", "Seconds a request took", ("route",), buckets=BUCKETS, registry=self.registry
        )
        self.letters = Gauge(
            "dean_letters", "Letters by channel and status", ("channel", "status"), registry=self.registry
        )
        self.missing = Gauge("dean_runs_missing", "Expected runs that did not happen", registry=self.registry)
        self.night = Gauge("dean_night_age_seconds", "Seconds since the last night ended", registry=self.registry)


class Counted:
    """Counts and times each request by the pattern of its route, so that codes of projects are no labels."""

    def __init__(self, app: ASGIApp, figures: Figures) -> None:
        self.app = app
        self.figures = figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = perf_counter(), 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, answer)
        finally:
            route = getattr(scope.get("route"), "path", "") or "none"
            self.figures.requests.labels(scope["method"], route, str(status)).inc()
            self.figures.seconds.labels(route).observe(perf_counter() - began)


@pages.show("/healthz", who=ANYONE, label="Trang web có đang chạy không")
def healthz() -> Response:
    """Answer while the process lives; nothing else is asked."""
    return JSONResponse({"status": "ok"})


@pages.show("/readyz", who=ANYONE, label="Hệ thống có sẵn sàng không")
def readyz(visit: AtDesk) -> Response:
    """Answer 200 where the register answers and no run is missing, else 503.

    The reasons are for this machine and for those who watch it: a stranger learns nothing of how the office runs.
    """
    try:
        found = readiness(visit.desk.store, at=visit.at)
    except Refused as refused:
        reasons = {"reasons": list(refused.reasons)} if may_watch(visit) else {}
        return JSONResponse({"ready": False} | reasons, 503)
    if not may_watch(visit):
        return JSONResponse({"ready": found.is_ready}, 200 if found.is_ready else 503)
    return JSONResponse(
        {
            "ready": found.is_ready,
            "reasons": list(found.reasons),
            "night_age_seconds": found.night_age(visit.at),
            "missed": [{"job": one.job, "date": one.on.isoformat()} for one in found.missing],
        },
        200 if found.is_ready else 503,
    )


@pages.show("/metrics", who=ANYONE, label="Số đo của tiến trình web (máy này, máy giám sát, quản trị hoặc thanh tra)")
def metrics(visit: AtDesk) -> Response:
    """Prometheus text, for this machine and for those who may watch the machines."""
    if not may_watch(visit):
        raise Denied("Số đo chỉ dành cho máy này, máy giám sát có mã (DEAN_METRICS_TOKEN), quản trị hoặc thanh tra.")
    figures: Figures = visit.request.app.state.figures
    found = readiness(visit.desk.store, at=visit.at)
    figures.missing.set(len(found.missing))
    age = found.night_age(visit.at)
    figures.night.set(float("nan") if age is None else age)
    with visit.reading() as session:
        counts: Any = letter_counts(session)
    for channel, by_status in counts.items():
        for status, count in by_status.items():
            figures.letters.labels(str(channel), str(status)).set(count)
    return PlainTextResponse(generate_latest(figures.registry), media_type=CONTENT_TYPE_LATEST)
