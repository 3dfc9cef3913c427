"""Shared fixtures: a real database with a small office in it, on SQLite and on PostgreSQL."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url, text
from sqlmodel import SQLModel

from models import contracts, decisions, ledger, projects
from models.append import Origin
from models.forms import BeneficiaryForm, ProjectForm
from models.loading import load_person, load_project
from models.people import add_beneficiary, add_person, add_unit
from models.prepayment_file import read_prepayment_row
from models.prepayments import add_prepayment
from models.reconciliation import reconcile
from models.setup import initialise
from models.store import Store, open_store
from models.verify import verify
from models.waterfall import project_waterfall
from states.actions import Action
from states.facts import Asked, Enclosure, Facts, Order
from states.refusal import Refused
from states.steps import STEP
from states.vocabulary import STATE_FUND, Paper, Role, Route, Source, Stage

START = datetime(2024, 1, 2, 1, 0, tzinfo=UTC)
TRIEU = 1_000_000


@dataclass
class Office:
    """A department at work: its people, and a clock that each step moves by a day.

    an, yen: officers of the two units · binh, bach: coordinators · chi, chau: leaders · dung: finance ·
    em: auditor · giang: administrator · hanh: viewer of one commune.
    """

    store: Store
    at: datetime = START
    beneficiary: int = 0
    steps: list[str] = field(default_factory=list)

    @property
    def origin(self) -> Origin:
        return Origin(self.at, None, "test")

    @property
    def today(self) -> date:
        return self.at.date()

    def open(self, by: str = "an", **changes: Any) -> str:
        """Open a draft: machinery support of 300 triệu for one workshop, unless told otherwise."""
        route = Route(changes.get("route", Route.LOCAL))
        form: dict[str, Any] = {
            "name": "Hỗ trợ ứng dụng máy móc thiết bị đóng gói",
            "programme": "KC-VL-2021-2025",
            "content": 2,
            "activity": "machinery",
            "route": route,
            "plan_year": 2024,
            "unit": "ttkc",
            "beneficiaries": (self.beneficiary,),
            "amounts": {STATE_FUND[route]: 300 * TRIEU, Source.COUNTERPART: 350 * TRIEU},
            "targets": {"T2_2": 1},
            "total_cost": 650 * TRIEU,
        }
        with self.store.write() as session:
            person = load_person(session, by)
            origin = Origin(self.at, person.id, "test")
            return projects.open_project(session, ProjectForm(**(form | changes)), by=person, origin=origin)

    def submitted_in_2026(self, **changes: Any) -> str:
        """A project handed in on Tuesday 03/03/2026, in a confirmed calendar: its check ends on 10/03."""
        self.at = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
        return self.bring(self.open(plan_year=2025, **changes), "submitted")

    def order(self, action: str, by: str, session: Any, typed: Mapping[str, Any]) -> Order:
        papers = tuple(
            paper if isinstance(paper, Enclosure) else Enclosure(Paper(paper)) for paper in typed.get("papers", ())
        )
        return Order(Action(action), load_person(session, by), self.at, **(dict(typed) | {"papers": papers}))

    def step(self, code: str, action: str, by: str, **typed: Any) -> ledger.Advanced:
        """Take one step a day later than the last one; what is typed goes into the order."""
        self.at += timedelta(days=1)
        with self.store.write() as session:
            return ledger.advance(session, code, self.order(action, by, session, typed), door="test")

    def record(self, day: str, code: str, action: str, by: str, **typed: Any) -> str:
        """Take one step in the morning of a day and return the stage reached."""
        self.at = datetime.fromisoformat(f"{day}T02:00:00+00:00") - timedelta(days=1)
        return str(self.step(code, action, by, **typed).to_stage)

    def approve(self, *codes: str, by: str = "binh", total: int = 300 * TRIEU, **paper: Any) -> decisions.Approved:
        """Approve a list under one decision, dated today and signed by the province unless told otherwise."""
        self.at += timedelta(days=1)
        printed: dict[str, Any] = {
            "number": "980/QĐ-UBND",
            "decided_on": self.today,
            "signer": "Lê Quang Trung",
        } | paper
        lines = [decisions.ApprovalLine(code) for code in codes]
        with self.store.write() as session:
            person = load_person(session, by)
            decision = decisions.DecisionPaper(total=total, **printed)
            return decisions.approve(session, lines, decision, by=person, at=self.at, door="test")

    def sign(self, *signing: str | contracts.ContractedProject, by: str = "chi", **paper: Any) -> contracts.Signed:
        """Sign one contract over projects, dated today by the department's leader unless told otherwise."""
        self.at += timedelta(days=1)
        printed: dict[str, Any] = {"number": "06/HĐ", "signed_on": self.today, "signer": "Lê Minh Chi"} | paper
        lines = [contracts.ContractedProject(line) if isinstance(line, str) else line for line in signing]
        with self.store.write() as session:
            person = load_person(session, by)
            return contracts.sign(
                session, lines, contracts.ContractPaper(**printed), by=person, at=self.at, door="test"
            )

    def workshop(self, name: str) -> int:
        """Put one more beneficiary into the register."""
        with self.store.write() as session:
            return add_beneficiary(session, BeneficiaryForm(name=name, kind="household"), self.origin)

    def ask(self, code: str, asked: Asked, note: str = "Giá máy thay đổi") -> None:
        """Ask for an adjustment and have the department confirm it."""
        self.step(code, "request_adjustment", "an", number="20/TTKC", note=note, asked=asked)
        self.step(code, "confirm_adjustment", "chi", number="21/SCT", signer="Lê Minh Chi")

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table."""
        with self.store.read() as session:
            connection = session.connection()
            return {
                name: sorted((tuple(row) for row in connection.execute(table.select())), key=repr)
                for name, table in SQLModel.metadata.tables.items()
            }

    def tamper(self, *statements: str) -> None:
        """Change the register as somebody with the database in hand would, guards and references taken away."""
        with closing(self.store.writer.raw_connection()) as raw:
            cursor = raw.cursor()
            if self.store.url.startswith("sqlite"):
                for (name,) in cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                    cursor.execute(f"DROP TRIGGER {name}")
                cursor.execute("PRAGMA foreign_keys = OFF")
            else:
                cursor.execute("SET session_replication_role = replica")
            for statement in statements:
                cursor.execute(statement)
            raw.commit()
            # Nobody else is to work without them.
            raw.detach()

    @contextmanager
    def refusing(self, *reasons: str) -> Iterator[None]:
        """Expect a refusal in exactly these words, and no change in any table."""
        before = self.everything()
        with pytest.raises(Refused) as refused:
            yield
        assert refused.value.reasons == reasons
        assert self.everything() == before

    def waterfall(self, code: str, source: Source | None = None) -> dict[str, int]:
        """The waterfall of a project from one source, its own fund unless told otherwise: triệu đồng, without zeros."""
        with self.store.read() as session:
            sources = project_waterfall(session, code, as_of=self.today)["sources"]
        return in_trieu(sources[source or self.facts(code).fund])

    def prove(self) -> None:
        """Nothing was changed behind the ledger's back, and every figure says the same wherever it stands."""
        assert verify(self.store).problems == ()
        with self.store.read() as session:
            found = reconcile(session)
        assert found.ok, found.lines(most=9)

    def facts(self, code: str) -> Facts:
        with self.store.read() as session:
            return load_project(session, code).facts

    def stage(self, code: str) -> Stage:
        return self.facts(code).stage

    def bring(self, code: str, to: str) -> str:
        """Take the straight road of the local or national route up to a stage."""
        for action, by, typed in _ROAD:
            stage = self.stage(code)
            if stage == to:
                return code
            if stage not in STEP[Action("send_to_finance" if action == "send" else action)].sources:
                continue
            self._take(code, action, by, dict(typed))
        assert self.stage(code) == to, f"the straight road never reaches {to}"
        return code

    def _take(self, code: str, action: str, by: str, typed: dict[str, Any]) -> None:
        facts = self.facts(code)
        national = facts.route is Route.NATIONAL
        if action == "approve":
            authority = {"number": f"{facts.code}/QĐ"}
            self.approve(code, total=facts.money[(facts.fund, "appraised")], **authority)  # type: ignore[index]
            return
        if action == "send" and national:
            action, typed["papers"] = "send_to_agency", (Paper.FORM_2,)
        elif action == "send":
            action, typed["papers"] = "send_to_finance", (Paper.ESTIMATE,)
        if typed.pop("outside", False) or (national and action in ("sign_contract", "settle")):
            typed["decided_on"] = (self.at + timedelta(days=1)).date()
        if action == "sign_contract":
            # A number stands for one contract: each project on the straight road signs one of its own.
            typed["number"] = f"{code}/HĐ"
        if action == "accept":
            typed["amounts"] = {
                facts.fund: facts.approved_now(),
                Source.COUNTERPART: facts.approved_now(Source.COUNTERPART),
            }
            typed["quantities"] = dict(facts.quantities)
        if action == "pay":
            typed["amounts"] = {facts.fund: facts.approved_now()}
            typed["decided_on"] = (self.at + timedelta(days=1)).date()
        self.step(code, action, by, **typed)


def in_trieu(sums: Mapping[str, int]) -> dict[str, int]:
    """Sums in triệu đồng without the zeros; a rest of a triệu is an error of the test."""
    assert all(amount % TRIEU == 0 for amount in sums.values()), sums
    return {name: amount // TRIEU for name, amount in sums.items() if amount}


_ROAD: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("submit", "an", {"number": "01/TTKC", "papers": (Paper.DOSSIER, Paper.SUPPORT_REQUEST)}),
    ("start_appraisal", "binh", {"number": "02/SCT"}),
    ("pass_appraisal", "chi", {"number": "03/BB-SCT", "signer": "Lê Minh Chi"}),
    ("send", "binh", {"number": "04/TTr-SCT", "signer": "Lê Minh Chi"}),
    ("pass_review", "binh", {"number": "05/KQ", "signer": "Hồ Văn Khoa", "outside": True}),
    ("approve", "binh", {}),
    ("sign_contract", "chi", {"number": "06/HĐ", "signer": "Lê Minh Chi"}),
    ("start", "an", {"number": "07/KH"}),
    ("report_completion", "an", {"number": "08/BC", "papers": (Paper.VOUCHERS,)}),
    ("accept", "chi", {"number": "09/BBNT", "signer": "Lê Minh Chi"}),
    ("pay", "dung", {"number": "10/UNC"}),
    ("submit_settlement", "an", {"number": "11/ĐNTT"}),
    ("settle", "dung", {"number": "12/TL", "signer": "Lê Minh Chi"}),
)


def furnish(store: Store) -> Office:
    """Make the register and put the people in."""
    initialise(store, at=START)
    office = Office(store)
    with store.write() as session:
        origin = office.origin
        add_unit(session, "ttkc", "Trung tâm Khuyến công", origin)
        add_unit(session, "hoi", "Hội Doanh nghiệp tỉnh", origin)
        for code, name, role, more in _PEOPLE:
            add_person(session, code, name, role, origin, **more)
        form = BeneficiaryForm(name="Cơ sở Tàu hủ ky Mỹ Hòa", kind="household", tax_code="9900912345")
        office.beneficiary = add_beneficiary(session, form, origin)
        add_prepayment(session, read_prepayment_row(_PREPAYMENT), note="Quy chế của tỉnh (minh họa)", origin=origin)
    return office


#: What this office's province lets be prepaid; we ship no rule for the local route.
_PREPAYMENT = {
    "id": "P-VL",
    "activity": None,
    "jurisdiction": "vinh-long",
    "route": "local",
    "percent": 70,
    "basis": "Quy chế của tỉnh (minh họa)",
    "verified": True,
    "effective_from": date(2015, 1, 1),
}
_PEOPLE: tuple[tuple[str, str, Role, dict[str, str]], ...] = (
    ("an", "Nguyễn Văn An", Role.CENTRE_OFFICER, {"unit": "ttkc"}),
    ("yen", "Phạm Thị Yến", Role.CENTRE_OFFICER, {"unit": "hoi"}),
    ("binh", "Trần Thị Bình", Role.COORDINATOR, {}),
    ("bach", "Đỗ Xuân Bách", Role.COORDINATOR, {}),
    ("chi", "Lê Minh Chi", Role.LEADER, {}),
    ("chau", "Võ Thị Châu", Role.LEADER, {}),
    ("dung", "Phan Tiến Dũng", Role.FINANCE, {}),
    ("em", "Huỳnh Văn Em", Role.AUDITOR, {}),
    ("giang", "Bùi Trường Giang", Role.ADMINISTRATOR, {}),
    ("hanh", "Ngô Mỹ Hạnh", Role.COMMUNE_VIEWER, {"place": "vlm-p-long-chau"}),
)


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A furnished SQLite file, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("furnished")
    store = open_store(f"sqlite:///{folder / 'dean.db'}", folder / "files")
    office = furnish(store)
    with store.writer.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    return folder / "dean.db", office.beneficiary


@pytest.fixture
def office(furnished: tuple[Path, int], tmp_path: Path) -> Iterator[Office]:
    """A small office on SQLite."""
    template, beneficiary = furnished
    shutil.copy(template, tmp_path / "dean.db")
    store = open_store(f"sqlite:///{tmp_path / 'dean.db'}", tmp_path / "files")
    yield Office(store, beneficiary=beneficiary)
    store.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def office_on_both(request: pytest.FixtureRequest) -> Office:
    """The same office on each database: for everything the ledger promises."""
    name = "office" if request.param == "sqlite" else "postgres_office"
    office: Office = request.getfixturevalue(name)
    return office


@pytest.fixture
def postgres_office(postgres: Callable[..., str], tmp_path: Path) -> Iterator[Office]:
    store = open_store(postgres(), tmp_path / "files")
    with store.read() as session:
        beneficiary = session.connection().execute(text("SELECT min(id) FROM beneficiary")).scalar_one()
    yield Office(store, beneficiary=beneficiary)
    store.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[..., str]]:
    """Fresh PostgreSQL databases copied from a furnished template, or empty ones (`furnished=False`).

    The server is that of DEAN_TEST_POSTGRES_URL, or one started from the system's binaries on a socket of its
    own. Without either the tests are skipped; in CI that is a failure.
    """
    given = os.environ.get("DEAN_TEST_POSTGRES_URL")
    if given:
        yield from _databases(given)
        return
    binaries = _postgres_binaries()
    if binaries is None:
        reason = "no PostgreSQL server: install the package postgresql or set DEAN_TEST_POSTGRES_URL"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    # A folder of its own: pytest closes its own folders to other users, and the server runs as another one.
    folder = Path(tempfile.mkdtemp(prefix="dean-pg-"))
    run = _as_plain_user(folder)
    cluster, log = folder / "cluster", folder / "log"
    run(
        [
            str(binaries / "initdb"),
            "-D",
            str(cluster),
            "-U",
            "dean",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ]
    )
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
    run([str(binaries / "pg_ctl"), "-D", str(cluster), "-l", str(log), "-o", options, "-w", "start"])
    try:
        # They go with the folder: to drop each would take longer than the tests that used them.
        yield from _databases(f"postgresql+psycopg://dean@/postgres?host={folder}", dropping=False)
    finally:
        run([str(binaries / "pg_ctl"), "-D", str(cluster), "-m", "immediate", "stop"])
        _clear_away(folder)


def _clear_away(folder: Path) -> None:
    """Remove the folder of a server that has stopped. A thousand databases take a minute, for which nobody waits."""
    if rm := shutil.which("rm"):
        subprocess.Popen([rm, "-rf", str(folder)], start_new_session=True, stderr=subprocess.DEVNULL)
    else:
        shutil.rmtree(folder, ignore_errors=True)


def _databases(server: str, *, dropping: bool = True) -> Iterator[Callable[..., str]]:
    plain = server.replace("postgresql+psycopg://", "postgresql://")
    made: list[str] = []

    def database(name: str, template: str = "template0") -> str:
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        made.append(name)
        return make_url(server).set(database=name).render_as_string(hide_password=False)

    prefix = f"dean_{os.getpid()}"
    store = open_store(database(f"{prefix}_template"), Path("unused"))
    furnish(store)
    store.close()
    templates = {True: f"{prefix}_template", False: "template0"}
    yield lambda furnished=True: database(f"{prefix}_{len(made)}", templates[furnished])
    with psycopg.connect(plain, autocommit=True) as connection:
        for name in made if dropping else ():
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _postgres_binaries() -> Path | None:
    for found in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True):
        return found.parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def _as_plain_user(folder: Path) -> Callable[[list[str]], None]:
    """initdb refuses root, so root runs it as the user that Debian's package made."""
    prefix: list[str] = []
    if os.name == "posix" and os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        prefix = ["runuser", "-u", "postgres", "--"]

    def run(command: list[str]) -> None:
        subprocess.run([*prefix, *command], check=True, cwd=folder, stdout=subprocess.DEVNULL, timeout=60)

    return run
