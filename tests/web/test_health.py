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
    answer = web.by("em").get("/readyz")

    assert (answer.status_code, answer.json()["ready"], answer.json()["night_age_seconds"]) == (200, True, None)


def test_readyz_says_how_old_the_last_night_is(web: Any) -> None:
    run_night(web.office, date(2024, 1, 10))
    web.office.at += timedelta(minutes=30)

    answer = web.by("giang").get("/readyz")

    assert (answer.status_code, answer.json()["night_age_seconds"]) == (200, 1800.0)


def test_readyz_names_the_nights_that_are_missing(web: Any) -> None:
    run_night(web.office, date(2024, 1, 10))
    web.office.at += timedelta(days=2)

    answer = web.by("em").get("/readyz")

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


def test_strangers_learn_whether_it_is_ready_and_no_more(web: Any) -> None:
    ready = web.by().get("/readyz")
    run_night(web.office, date(2024, 1, 10))
    web.office.at += timedelta(days=2)
    not_ready = [web.by(who).get("/readyz") for who in (None, "binh", "hanh")]

    assert (ready.status_code, ready.json()) == (200, {"ready": True})
    assert [(answer.status_code, answer.json()) for answer in not_ready] == [(503, {"ready": False})] * 3


def test_this_machine_reads_figures_unless_a_proxy_stands_between(web: Any, at_address: Any) -> None:
    forwarded = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via", "X-Forwarded-Proto")

    direct = {address: at_address(address).get("/metrics").status_code for address in ("127.0.0.1", "::1", "10.0.0.1")}
    through = {name: at_address("127.0.0.1").get("/metrics", headers={name: "x"}).status_code for name in forwarded}

    assert direct == {"127.0.0.1": 200, "::1": 200, "10.0.0.1": 403}
    assert through == dict.fromkeys(forwarded, 403)
    assert "reasons" in at_address("127.0.0.1").get("/readyz").json()
    assert at_address("127.0.0.1").get("/readyz", headers={"Forwarded": "for=1.2.3.4"}).json() == {"ready": True}


def test_monitor_with_the_token_reads_figures_from_anywhere(office: Any, make_web: Any) -> None:
    web = make_web(office, metrics_token="mã-giám-sát-dài")
    right, wrong = ({"Authorization": f"Bearer {token}".encode()} for token in ("mã-giám-sát-dài", "mã"))

    answers = [web.by().get("/metrics", headers=headers).status_code for headers in (right, wrong, {})]

    assert answers == [200, 403, 403]
    assert "reasons" in web.by().get("/readyz", headers=right).json()


def test_empty_token_is_no_token(office: Any, make_web: Any) -> None:
    web = make_web(office, metrics_token="")

    assert web.by().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 403
