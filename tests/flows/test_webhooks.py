"""Events to subscribers: signed, in their order, at least once, over a server that does all that servers do."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import text

from flows.jobs.delivering import drain
from flows.jobs.settings import Settings
from flows.jobs.webhooks import subscribe
from models.desk.webhooks import deliveries, end_hook, hooks
from models.loading import load_person
from models.people import edit_person
from notifications import events as posting
from notifications import targets
from states.refusal import Refused


class Subscriber:
    """A program that takes events; `does` says what it does with each: a status, or in which way none comes."""

    def __init__(self) -> None:
        self.does: list[Any] = []
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.released = Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.got.append((dict(self.headers.items()), body))
                does = outer.does.pop(0) if outer.does else 204
                if does == "drop":
                    self.close_connection = True
                elif does == "drip":
                    # Never silent for long, and never done.
                    while not outer.released.wait(0.1):
                        self.wfile.write(b"H")
                elif does == "flood":
                    self.wfile.write(b"HTTP/1.1 200 " + b"x" * 200_000)
                elif does == "early":
                    self.wfile.write(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n")
                elif does == "hang":
                    outer.released.wait(20)
                else:
                    self.send_response(does)
                    if 300 <= does < 400:
                        self.send_header("Location", "/elsewhere")
                    self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/events?for=test"

    def told(self) -> list[str]:
        """What was told, in the order of arrival."""
        return [json.loads(body)["type"] for _, body in self.got]

    def keys(self) -> list[str]:
        return [headers["X-Dean-Event"] for headers, _ in self.got]

    def close(self) -> None:
        self.released.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def subscriber() -> Iterator[Subscriber]:
    server = Subscriber()
    yield server
    server.close()


class Told:
    """An office with one subscriber to its projects."""

    def __init__(self, office: Any, subscriber: Subscriber, home: Any) -> None:
        self.office, self.store, self.subscriber = office, office.store, subscriber
        self.settings = Settings(home=home, notify_mode="live", webhook_private="127.0.0.0/8", _env_file=None)
        self.number, self.secret = self.subscribe("project")

    def subscribe(self, *topics: str, url: str = "", by: str = "giang") -> tuple[int, str]:
        with self.store.read() as session:
            person = load_person(session, by)
        wanted: Any = {"name": "Cổng", "url": url or self.subscriber.url, "topics": topics}
        return subscribe(self.store.write, self.settings, **wanted, by=person, at=self.office.at)

    def deliver(self, later: timedelta = timedelta(), **more: Any) -> dict[str, int]:
        self.office.at += later
        at = self.office.at
        return drain(self.store, self.settings, now=lambda: at, **more).outcomes

    def rows(self) -> list[dict[str, Any]]:
        with self.store.read() as session:
            return deliveries(session, self.number, limit=50)


@pytest.fixture
def told(office_on_both: Any, subscriber: Subscriber, tmp_path: Any) -> Told:
    return Told(office_on_both, subscriber, tmp_path / "home")


@pytest.fixture
def told_here(office: Any, subscriber: Subscriber, tmp_path: Any) -> Told:
    return Told(office, subscriber, tmp_path / "home")


def test_events_arrive_in_their_order_and_once(told: Told) -> None:
    told.office.bring(told.office.open(), "appraising")

    outcomes = told.deliver()
    again = told.deliver()

    assert told.subscriber.told() == ["project.open", "project.submit", "project.start_appraisal"]
    assert (outcomes, again) == ({"ok": 3}, {})
    assert len(set(told.subscriber.keys())) == 3


def test_event_says_what_happened_to_which_project(told_here: Told) -> None:
    code = told_here.office.bring(told_here.office.open(), "submitted")

    told_here.deliver()

    said = json.loads(told_here.subscriber.got[-1][1])
    with told_here.store.read() as session:
        [row] = session.connection().execute(text("SELECT id, hash FROM event ORDER BY id DESC LIMIT 1"))
    assert said == {
        "type": "project.submit",
        "id": row.id,
        "seq": 2,
        "action": "submit",
        "from_stage": "draft",
        "to_stage": "submitted",
        "decided_on": said["decided_on"],
        "recorded_at": said["recorded_at"],
        "recorded_by": "an",
        "number": "01/TTKC",
        "subject": {"kind": "project", "id": said["subject"]["id"], "project": code},
        "status": None,
        "hash": row.hash,
    }


def test_signature_proves_the_sender_and_the_time(told_here: Told) -> None:
    told_here.office.open()

    told_here.deliver()

    headers, body = told_here.subscriber.got[0]
    stamp, signed = (part.partition("=")[2] for part in headers["X-Dean-Signature"].split(","))
    expected = hmac.new(told_here.secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    assert (signed, int(stamp)) == (expected, int(told_here.office.at.timestamp()))
    assert told_here.secret not in str(told_here.office.everything())


def test_only_the_topics_asked_for_are_told(told_here: Told) -> None:
    told_here.office.workshop("Cơ sở gốm Nhơn Phú")
    told_here.office.open()

    told_here.deliver()

    assert told_here.subscriber.told() == ["project.open"]


def test_what_happened_before_the_subscription_is_not_told(office: Any, subscriber: Subscriber, tmp_path: Any) -> None:
    office.open()
    told = Told(office, subscriber, tmp_path / "home")
    office.open()

    told.deliver()

    assert len(subscriber.got) == 1


@pytest.mark.parametrize("does", [500, 503, 404, 302, "drop", "hang", "drip", "flood"], ids=str)
def test_event_that_was_not_taken_comes_again_before_the_next_one(
    told_here: Told, monkeypatch: pytest.MonkeyPatch, does: Any
) -> None:
    """The receiver knows the repetition by its key; nothing overtakes it, and no redirect is followed."""
    monkeypatch.setattr(posting.post_event, "__kwdefaults__", {"timeout": 0.6})
    told_here.office.bring(told_here.office.open(), "submitted")
    told_here.subscriber.does = [does]

    first = told_here.deliver()
    [waiting] = told_here.rows()
    told_here.subscriber.released.set()
    told_here.deliver(timedelta(hours=3))

    assert first == {"unknown" if isinstance(does, str) else "retry": 1}
    assert (waiting["status"], waiting["attempts"]) == ("waiting", 1)
    assert told_here.subscriber.told() == ["project.open", "project.open", "project.submit"]
    assert told_here.subscriber.keys()[0] == told_here.subscriber.keys()[1]


def test_subscriber_that_is_not_there_loses_nothing(told_here: Told) -> None:
    told_here.subscriber.close()
    told_here.office.bring(told_here.office.open(), "submitted")

    outcomes = told_here.deliver()

    assert outcomes == {"retry": 1}
    with told_here.store.read() as session:
        [hook] = hooks(session)
    assert (hook["behind"] > 0, hook["status"]) == (True, "waiting")


def test_event_of_a_worker_that_died_is_handed_over_again(told: Told) -> None:
    """Killed after the event went out and before that was written down: its lease ends, and it goes out again."""
    from models.desk.webhooks import write_next
    from models.reminders.handover import claim

    told.office.open()
    with told.store.write() as session:
        write_next(session, at=told.office.at)
        [held] = claim(session, "dead", at=told.office.at, limit=5, events=True)

    at_once = told.deliver()
    later = told.deliver(timedelta(minutes=6))

    assert (at_once, later) == ({}, {"ok": 1})
    assert told.subscriber.keys() == [held.key]


def test_several_workers_double_nothing(told: Told) -> None:
    told.subscribe("project", "beneficiary")
    for _ in range(4):
        told.office.open()

    outcomes = told.deliver(workers=4)

    assert outcomes == {"ok": 8}
    assert len(set(told.subscriber.keys())) == len(told.subscriber.got) == 8


def test_letters_to_people_do_not_wait_for_events_nor_stop_with_them(told_here: Told) -> None:
    """The channel of the office's gateway is stopped: other programs are told all the same."""
    from models.reminders.channels import stop_channel
    from states.posting import Channel

    told_here.office.open()
    with told_here.store.write() as session:
        stop_channel(session, Channel.WEBHOOK, "sai mật khẩu", at=told_here.office.at)

    assert told_here.deliver() == {"ok": 1}


@pytest.mark.parametrize("mode", ["off", "redirect"])
def test_register_that_is_tried_out_tells_nobody(told_here: Told, mode: str) -> None:
    told_here.settings = told_here.settings.model_copy(update={"notify_mode": mode, "notify_redirect": "a@b.example"})
    told_here.office.open()

    told_here.deliver()
    quiet = list(told_here.subscriber.got)
    told_here.settings = told_here.settings.model_copy(update={"notify_mode": "live"})
    told_here.deliver()

    assert (quiet, told_here.subscriber.told()) == ([], ["project.open"])


def test_subscription_that_ended_is_told_nothing_more(told_here: Told) -> None:
    told_here.subscriber.does = [500]
    told_here.office.open()
    told_here.deliver()
    with told_here.store.write() as session:
        end_hook(session, told_here.number, by=load_person(session, "giang"), at=told_here.office.at)

    told_here.office.open()

    assert told_here.deliver(timedelta(days=1)) == {}
    assert [row["status"] for row in told_here.rows()] == ["cancelled"]


@pytest.mark.parametrize(
    "url",
    ["ftp://a.example/x", "https://", "javascript:alert(1)", "https://u:p@a.example/", "http://[::1", "https://a b/"],
)
def test_address_that_cannot_be_is_refused(told_here: Told, url: str) -> None:
    with pytest.raises(Refused):
        told_here.subscribe("project", url=url)


def test_only_administrators_subscribe(told_here: Told) -> None:
    with pytest.raises(Refused):
        told_here.subscribe("project", by="binh")


def test_what_is_said_of_people_is_no_topic(told_here: Told) -> None:
    with pytest.raises(Refused):
        told_here.subscribe("person")
    with told_here.store.write() as session:
        edit_person(session, "an", told_here.office.origin, name="Nguyễn An")

    assert told_here.deliver() == {}


def test_answer_that_announces_another_is_waited_for(told_here: Told) -> None:
    told_here.office.open()
    told_here.subscriber.does = ["early"]

    assert told_here.deliver() == {"ok": 1}


# --- where events may go ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x",
        "http://127.1/x",
        "http://2130706433/x",
        "https://localhost/x",
        "http://[::1]/x",
        "http://[::ffff:10.0.0.1]/x",
        "http://[64:ff9b::a00:1]/x",
        "http://[2002:a00:1::1]/x",
        "http://10.1.2.3/x",
        "http://192.168.0.1:8080/x",
        "http://172.16.0.1/x",
        "http://169.254.169.254/latest/meta-data",
        "http://[fe80::1]/x",
        "http://[fd00::1]/x",
        "http://224.0.0.1/x",
        "http://100.64.0.1/x",
        "http://0.0.0.0/x",
    ],
)
def test_address_inside_is_refused_when_it_is_entered(told_here: Told, url: str) -> None:
    told_here.settings = told_here.settings.model_copy(update={"webhook_private": ""})

    with pytest.raises(Refused, match="DEAN_WEBHOOK_PRIVATE"):
        told_here.subscribe("project", url=url)


@pytest.mark.parametrize("setting", ["127.0.0.1", "10.0.0.0/8, 127.0.0.0/8", "LocalHost"])
def test_address_inside_is_taken_where_the_setting_names_it(told_here: Told, setting: str) -> None:
    told_here.settings = told_here.settings.model_copy(update={"webhook_private": setting})
    host = "localhost" if setting == "LocalHost" else "127.0.0.1"

    number, _ = told_here.subscribe("project", url=f"http://{host}/x")

    assert number > 0


def test_address_is_judged_again_when_an_event_goes_out(told_here: Told) -> None:
    """What a name leads to may change after it was entered; nothing is lost by it."""
    told_here.settings = told_here.settings.model_copy(update={"webhook_private": "10.0.0.0/8"})
    told_here.office.open()

    outcomes = told_here.deliver()
    [waiting] = told_here.rows()

    assert (outcomes, told_here.subscriber.got) == ({"retry": 1}, [])
    assert (waiting["status"], "DEAN_WEBHOOK_PRIVATE" in waiting["detail"]) == ("waiting", True)


def test_name_that_leads_inside_once_is_refused_whatever_else_it_leads_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """One public address beside a private one is how a name is made to pass and then to lead astray."""
    both = [(2, 1, 6, "", (address, 443)) for address in ("203.0.114.7", "192.168.1.1")]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: both)

    with pytest.raises(targets.BadTarget, match=r"192\.168\.1\.1"):
        targets.checked("data.example", 443, targets.Allowed(), seconds=1)


def test_name_nobody_answers_for_does_not_hold_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    never = Event()

    def silent(*_: Any, **__: Any) -> list[Any]:
        never.wait(5)
        return []

    monkeypatch.setattr("socket.getaddrinfo", silent)

    found = posting.post_event(
        "https://data.example/", "s", key="k", body=b"{}", timestamp=1, allowed=targets.Allowed(), timeout=0.1
    )
    never.set()

    assert (found.outcome, found.code) == ("retry", "timeout")
