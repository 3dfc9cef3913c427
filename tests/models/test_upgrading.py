"""A register of revision 0001 becomes one of this program: what is missing is entered by events, nothing is changed."""

from collections.abc import Iterable, Iterator
from contextlib import redirect_stdout
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from models.adjusting import requests_of
from models.append import SELF, Draft, Origin, append
from models.calendars import load_calendar, load_deadline_rules
from models.ceilings import load_ceilings
from models.contracts import contract_list, contract_of
from models.ledger import advance
from models.loading import load_person
from models.people import add_person, add_unit
from models.programmes import load_programme
from models.queries import search
from models.reconciliation import reconcile
from models.reference_data import load_bodies, load_places
from models.setup import MIGRATIONS, migrate
from models.shipped import PROGRAMMES, PROVINCE
from models.store import Store, open_store
from models.subjects import open_subject
from models.upgrading import fill_in
from models.verify import verify
from models.waterfall import project_waterfall
from states.actions import Action
from states.facts import Order
from states.vocabulary import RequestStatus, Role

AT = datetime(2024, 1, 2, 1, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
TRIEU = 1_000_000
FUND, OWN = "local_fund", "counterpart"


class Old:
    """Writes events as the program of revision 0001 wrote them: no contract, no acceptance, no request as rows."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self.at = AT
        self.programme = session.connection().execute(text("SELECT id FROM programme ORDER BY id")).scalar()
        self.unit = add_unit(session, "ttkc", "Trung tâm Khuyến công", Origin(AT, None, "test"))
        add_person(session, "an", "Nguyễn Văn An", Role.CENTRE_OFFICER, Origin(AT, None, "test"), unit="ttkc")
        people = session.connection().execute(text("SELECT id, unit_id FROM person WHERE code = 'an'"))
        [(self.author, self.unit)] = people.all()
        self.serial = 0

    def project(self) -> "OldProject":
        self.serial += 1
        return OldProject(self, f"KC-VL-2024-{self.serial:03d}", self.serial)


class OldProject:
    def __init__(self, old: Old, code: str, serial: int) -> None:
        self.old, self.code, self.stage = old, code, "draft"
        values = {
            "code": code,
            "serial": serial,
            "name": "Hỗ trợ máy đóng gói",
            "programme_id": old.programme,
            "content_no": 2,
            "activity": "machinery",
            "route": "local",
            "kind": "ordinary",
            "plan_year": 2024,
            "work_year": 2024,
            "unit_id": old.unit,
            "author_id": old.author,
            "place_id": None,
            **dict.fromkeys(("partner", "objectives", "scope", "expected_effect"), ""),
            **dict.fromkeys(("starts_on", "ends_on", "resume_stage", "decided_on"), None),
            **dict.fromkeys(("expected_jobs", "expected_revenue", "adjustment_open", "counted"), 0),
            "total_cost": 650 * TRIEU,
            "priorities": "[]",
            "state": "proposed",
            "stage": "draft",
            "missing": "[]",
            "moved_at": old.at,
            "search_text": f"{code.lower()} ho tro may dong goi",
        }
        asked = [self._money(SELF, FUND, "asked", 300 * TRIEU), self._money(SELF, OWN, "asked", 350 * TRIEU)]
        planned = {"project_id": SELF, "target_code": "T2_2", "kind": "planned", "quantity": 1, "direction": 1}
        draft = Draft(
            "project",
            "open",
            set=values,
            lines={"money_entry": asked, "quantity_entry": [planned]},
            opens_sources=(FUND, OWN),
            opens_targets=("T2_2",),
            to_stage="draft",
        )
        with pytest.MonkeyPatch.context() as that_program:
            # Revision 0001 had nowhere to say by what a project is found.
            that_program.setattr("models.append.refresh", lambda *_: None)
            [written] = append(old.session, [draft], Origin(old.at, old.author, "test"))
        self.id, self.seq, self.hash = written.subject_id, written.seq, written.hash
        self.state, self.counted = "proposed", 0

    def _money(self, project: Any, source: str, kind: str, amount: int) -> dict[str, Any]:
        entry = {"project_id": project, "source": source, "kind": kind, "amount": amount}
        return {**entry, "beneficiary_id": None, "direction": 1}

    def step(
        self, action: str, to: str, *money: tuple[str, str, int], state: str = "", number: str = "", **more: Any
    ) -> "OldProject":
        self.old.at += timedelta(days=1)
        set_: dict[str, Any] = dict(more.pop("set", {}))
        was: dict[str, Any] = dict(more.pop("was", {}))
        if to != self.stage:
            set_["stage"], was["stage"] = to, self.stage
        if state:
            set_["state"], was["state"], self.state = state, self.state, state
        entries = [self._money(self.id, source, kind, amount) for source, kind, amount in money]
        draft = Draft(
            "project",
            action,
            self.id,
            self.seq,
            self.hash,
            set=set_,
            was=was,
            lines={"money_entry": entries, **more.pop("lines", {})},
            from_stage=self.stage,
            to_stage=to,
            decided_on=self.old.at.date(),
            authority=more.pop("authority", "department"),
            number=number,
            signer="Lê Minh Chi",
            note=more.pop("note", ""),
        )
        [written] = append(self.old.session, [draft], Origin(self.old.at, self.old.author, "test"))
        self.seq, self.hash, self.stage = written.seq, written.hash, to
        return self

    def approved(self) -> "OldProject":
        self.step("submit", "submitted", set={"counted": 1}, was={"counted": 0})
        self.step("start_appraisal", "appraising")
        self.step("pass_appraisal", "appraised", (FUND, "appraised", 300 * TRIEU), state="appraised")
        self.step("send_to_finance", "reviewing")
        self.step("pass_review", "cleared")
        money = ((FUND, "approved", 300 * TRIEU), (OWN, "approved", 350 * TRIEU))
        return self.step("approve", "approved", *money, state="approved", authority="province")

    def signed(self, number: str) -> "OldProject":
        money = ((FUND, "contracted", 300 * TRIEU), (OWN, "contracted", 350 * TRIEU))
        return self.step("sign_contract", "contracted", *money, number=number)

    def settled(self, *, accepted: int, own: int) -> "OldProject":
        self.step("start", "underway")
        self.step("report_completion", "awaiting_acceptance")
        done = {"project_id": self.id, "target_code": "T2_2", "kind": "accepted", "quantity": 1, "direction": 1}
        money = ((FUND, "accepted", accepted), (OWN, "accepted", own))
        self.step("accept", "accepted", *money, state="implemented", lines={"quantity_entry": [done]})
        self.step("pay", "accepted", (FUND, "paid", accepted))
        self.step("submit_settlement", "settling")
        closing = ((FUND, "settled", accepted), (FUND, "released", 300 * TRIEU - accepted), (OWN, "settled", own))
        return self.step("settle", "settled", *closing, state="settled")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def old_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty database of revision 0001 with the reference data that it shipped."""
    url = f"sqlite:///{tmp_path / 'old.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres")(furnished=False)
    store = open_store(url, tmp_path / "files")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with store.writer.connect() as connection, connection.begin(), redirect_stdout(StringIO()):
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    with store.write() as session:
        session.connection().execute(text("INSERT INTO ledger_head (id, last_event_id) VALUES (1, 0)"))
        origin = Origin(AT, None, "init")
        values = {"title": "Sổ đề án khuyến công", "province": PROVINCE, "is_demonstration": 0}
        open_subject(session, "register", values, origin)
        load_bodies(session, load_places(session, origin), origin)
        load_programme(session, PROGRAMMES / "vinh-long-2021-2025.yaml", origin)
        load_calendar(session, origin)
        load_deadline_rules(session, origin)
        load_ceilings(session, origin)
    yield store
    store.close()


def events(store: Store) -> list[tuple[Any, ...]]:
    with store.read() as session:
        rows: Iterable[Any] = session.connection().execute(text("SELECT id, hash FROM event ORDER BY id"))
        return [tuple(row) for row in rows]


def test_old_register_gets_contracts_acceptances_and_closed_counterparts(old_store: Store) -> None:
    with old_store.write() as session:
        old = Old(session)
        first, second = old.project().approved(), old.project().approved()
        first.signed("06/HĐ")
        old.at -= timedelta(days=1)
        second.signed("06/HĐ")
        first.settled(accepted=280 * TRIEU, own=300 * TRIEU)
        second.settled(accepted=300 * TRIEU, own=400 * TRIEU)
        waiting = old.project().approved().signed("07/HĐ")
        flag: dict[str, Any] = {"set": {"adjustment_open": 1}, "was": {"adjustment_open": 0}}
        waiting.step("request_adjustment", "contracted", number="21/TTKC", note="Giá máy giảm", **flag)
    before = events(old_store)

    migrate(old_store)
    entered = fill_in(old_store, at=LATER)

    assert events(old_store)[: len(before)] == before
    assert len(events(old_store)) == len(before) + entered
    assert verify(old_store).problems == ()
    with old_store.read() as session:
        assert [row["code"] for row in search(session, "dong goi")] == [first.code, second.code, waiting.code]
        assert reconcile(session).differences == ()
        assert [(c["number"], c["projects"], c["total"]) for c in contract_list(session)] == [
            ("07/HĐ", 1, 300 * TRIEU),
            ("06/HĐ", 2, 600 * TRIEU),
        ]
        assert contract_of(session, "06/HĐ")["signed_on"] == date(2024, 1, 15)
        short = project_waterfall(session, first.code, as_of=LATER.date())["sources"][OWN]
        over = project_waterfall(session, second.code, as_of=LATER.date())["sources"][OWN]
        [request] = requests_of(session, waiting.code)
    assert (short["settled"], short["paid"], short["released"]) == (300 * TRIEU, 300 * TRIEU, 50 * TRIEU)
    assert (over["adjusted"], over["settled"], over["released"]) == (50 * TRIEU, 400 * TRIEU, 0)
    assert (request["status"], request["number"]) == (RequestStatus.OPEN, "21/TTKC")


def test_step_completed_by_the_upgrade_is_undone_as_a_whole(old_store: Store) -> None:
    with old_store.write() as session:
        add_person(session, "binh", "Trần Thị Bình", Role.COORDINATOR, Origin(AT, None, "test"))
        old = Old(session)
        settled = old.project().approved().signed("06/HĐ").settled(accepted=280 * TRIEU, own=300 * TRIEU)
        signed = old.project().approved().signed("07/HĐ")
    migrate(old_store)
    fill_in(old_store, at=LATER)

    with old_store.write() as session:
        for code in (settled.code, signed.code):
            by = load_person(session, "binh")
            order = Order(Action.REVERT, by, LATER, number="31/SCT", note="Ghi nhầm")
            advance(session, code, order)

    assert verify(old_store).problems == ()
    with old_store.read() as session:
        assert reconcile(session).differences == ()
        own = project_waterfall(session, settled.code, as_of=LATER.date())["sources"][OWN]
        assert (own["paid"], own["settled"], own["released"]) == (0, 0, 0)
        assert contract_of(session, "07/HĐ")["total"] == 0
        assert contract_of(session, "07/HĐ")["projects"] == 0


def test_upgrading_again_enters_nothing(old_store: Store) -> None:
    with old_store.write() as session:
        Old(session).project().approved().signed("06/HĐ")
    migrate(old_store)
    first = fill_in(old_store, at=LATER)

    assert first > 0
    assert fill_in(old_store, at=LATER) == 0


def test_fresh_register_lacks_nothing(office: Any) -> None:
    office.bring(office.open(), "settled")

    assert fill_in(office.store, at=LATER) == 0
