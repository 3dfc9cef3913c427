"""What machines ask: is the desk alive, is the office served, what does it count."""

from datetime import date, timedelta
from typing import Any

from models.slots import begin, end
from states.slots import Job, due_at


def run_night(office: Any, on: date) -> None:
    office.at = due_at(Job.NIGHTLY, on)
    with office.store.write() as session:
        begun = begin(session, Job.NIGHTLY, on, worker="test", at=office.at)
        end(session, begun, worker="test", at=office.at, started_at=office.at)


def test_healthz_asks_nothing_of_the_register(web: Any) -> None:
    web.office.store.close()

    assert web.by().get("/healthz").json() == {"status": "ok"}


def test_readyz_is_ready_before_a_schedule_was_switched_on(web: Any) -> None:
    answer = web.by().get("/readyz")

    assert (answer.status_code, answer.json()["ready"], answer.json()["night_age_seconds"]) == (200, True, None)


def test_readyz_says_how_old_the_last_night_is(web: Any) -> None:
    run_night(web.office, date(2024, 1, 10))
    web.office.at += timedelta(minutes=30)

    answer = web.by().get("/readyz")

    assert (answer.status_code, answer.json()["night_age_seconds"]) == (200, 1800.0)


def test_readyz_names_the_nights_that_are_missing(web: Any) -> None:
    run_night(web.office, date(2024, 1, 10))
    web.office.at += timedelta(days=2)

    answer = web.by().get("/readyz")

    assert answer.status_code == 503
    assert {"job": "nightly", "date": "2024-01-11"} in answer.json()["missed"]
    assert "Việc ban đêm ngày 11/01/2024: chưa bắt đầu." in answer.json()["reasons"]


def test_metrics_count_requests_by_route_and_not_by_project(web: Any) -> None:
    web.by("binh").get("/projects/KC-VL-2024-001")

    counted = web.by("giang").get("/metrics").text

    assert "KC-VL-2024-001" not in counted
    assert 'dean_http_requests_total{method="GET"' in counted
    assert "dean_runs_missing 0.0" in counted


def test_metrics_are_for_the_machine_and_those_who_watch_it(web: Any) -> None:
    answers = {code: web.by(code).get("/metrics").status_code for code in ("giang", "em", "binh", "hanh")}

    # The test client has no address of the loopback, so a stranger is one from outside.
    assert answers == {"giang": 200, "em": 200, "binh": 403, "hanh": 403}
    assert web.by().get("/metrics").status_code == 403
