"""Two real processes on one register: of two people who press at once one wins, and the other is told what changed."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from models import contracts, decisions, ledger, projects
from models.append import Origin
from models.contracts import contract_list, contract_of
from models.forms import ProjectForm
from models.loading import load_person, load_project
from models.store import open_store
from states.actions import Action
from states.facts import Order
from states.refusal import Refused
from states.vocabulary import Route, Source, Stage

AT = datetime(2024, 9, 2, 2, 0, tzinfo=UTC)
START = datetime(2024, 1, 2, 1, 0, tzinfo=UTC)
TRIEU = 1_000_000

# --- what each process does, one line of JSON in and one out ----------------------------------------------------


def serve(url: str, files: str) -> None:
    """Carry out what is asked on standard input until it closes."""
    store = open_store(url, Path(files))
    deeds: dict[str, Callable[..., dict[str, Any]]] = {
        "step": _step,
        "open": _open,
        "approve": _approve,
        "sign": _sign,
    }
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        wish = json.loads(line)
        try:
            with store.write() as session:
                answer = deeds[wish.pop("do")](session, **wish)
        except Refused as refused:
            answer = {"refused": refused.reasons}
        print(json.dumps(answer), flush=True)
    store.close()


def _step(session: Any, code: str, action: str, by: str, seen: int | None = None, **typed: Any) -> dict[str, Any]:
    typed = {"number": "21/QĐ-SCT", "note": "Chờ mặt bằng nhà xưởng", "signer": "Đinh Công Thành"} | typed
    order = Order(Action(action), load_person(session, by), AT, AT.date(), seen_version=seen, **typed)
    return {"won": ledger.advance(session, code, order, door="test").version}


def _open(session: Any, by: str) -> dict[str, Any]:
    person = load_person(session, by)
    form = ProjectForm(
        name="Hỗ trợ ứng dụng máy móc",
        programme="KC-VL-2021-2025",
        content=2,
        activity="machinery",
        route=Route.LOCAL,
        plan_year=2025,
        unit="ttkc",
        amounts={Source.LOCAL_FUND: 100 * TRIEU},
        targets={"T2_2": 1},
    )
    return {"won": projects.open_project(session, form, by=person, origin=Origin(AT, person.id, "test"))}


def _approve(session: Any, code: str, by: str) -> dict[str, Any]:
    paper = decisions.DecisionPaper("980/QĐ-UBND", date(2024, 8, 30), "Lê Quang Trung", 300 * TRIEU)
    person = load_person(session, by)
    return {"won": decisions.approve(session, [decisions.ApprovalLine(code)], paper, by=person, at=AT).decision_id}


def _sign(session: Any, code: str, by: str, number: str, on: str) -> dict[str, Any]:
    paper = contracts.ContractPaper(number, date.fromisoformat(on), "Đinh Công Thành")
    person = load_person(session, by)
    return {"won": contracts.sign(session, [contracts.ContractedProject(code)], paper, by=person, at=AT).contract_id}


# --- the two of them --------------------------------------------------------------------------------------------


class Rival:
    """A process with a register of its own open, waiting for a wish."""

    def __init__(self, url: str, files: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, url, str(files)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.hear() == {"ready": True}

    def wish(self, **wish: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(wish) + "\n")
        self._process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the rival process ended"
        answer: dict[str, Any] = json.loads(line)
        return answer

    def __enter__(self) -> "Rival":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=30)


@contextmanager
def rivals(office: Any) -> Iterator[tuple[Rival, Rival]]:
    with ExitStack() as stack:
        yield (
            stack.enter_context(Rival(office.store.url, office.store.files)),
            stack.enter_context(Rival(office.store.url, office.store.files)),
        )


def clash(pair: Sequence[Rival], *wishes: dict[str, Any]) -> tuple[list[Any], list[tuple[str, ...]]]:
    """Send both wishes off together; return what was won, and what the refused were told."""
    for rival, wish in zip(pair, wishes, strict=True):
        rival.wish(**wish)
    answers = [rival.hear() for rival in pair]
    won = [answer["won"] for answer in answers if "won" in answer]
    return won, [tuple(answer["refused"]) for answer in answers if "refused" in answer]


def _events(office: Any, code: str) -> list[Any]:
    with office.store.read() as session:
        rows = session.connection().execute(
            text(
                "SELECT e.seq, e.action, e.recorded_by FROM event AS e JOIN project AS p ON p.id = e.subject_id "
                "WHERE e.subject_kind = 'project' AND p.code = :code ORDER BY e.seq"
            ),
            {"code": code},
        )
        return [tuple(row) for row in rows]


LABELS = {"suspend": "Tạm dừng", "resume": "Tiếp tục thực hiện"}


def _fight(office: Any, rounds: int) -> None:
    """Suspend and resume one project in turn, both leaders at once each time."""
    code = office.bring(office.open(), Stage.UNDERWAY)
    start = office.facts(code).version
    losers: set[tuple[str, ...]] = set()
    with rivals(office) as pair:
        for turn in range(rounds):
            action = ("suspend", "resume")[turn % 2]
            seen = start + turn if turn % 4 < 2 else None
            people = ("chi", "chau") if turn % 8 < 4 else ("chau", "chi")
            wishes = [{"do": "step", "code": code, "action": action, "by": by, "seen": seen} for by in people]
            won, refused = clash(pair, *wishes)
            assert (won, len(refused)) == ([start + turn + 1], 1)
            losers.update(refused)

    names = ("Lê Minh Chi", "Võ Thị Châu")
    stages = {"suspend": "«Tạm dừng»", "resume": "«Đang thực hiện»"}
    stale = {
        (
            f"Đề án {code} vừa được {name} cập nhật (bước «{LABELS[action]}», ngày 02/09/2024), "
            f"nay ở giai đoạn {stage}; "
            "hãy mở lại đề án rồi làm tiếp.",
        )
        for name in names
        for action, stage in stages.items()
    }
    too_late = {
        (
            "Bước «Tạm dừng» chỉ làm được khi đề án ở giai đoạn «Trong kế hoạch», «Đã ký hợp đồng», «Đang thực hiện», "
            "«Chờ nghiệm thu», «Nghiệm thu không đạt»; hiện đề án ở giai đoạn «Tạm dừng».",
        ),
        (
            "Bước «Tiếp tục thực hiện» chỉ làm được khi đề án ở giai đoạn «Tạm dừng»; "
            "hiện đề án ở giai đoạn «Đang thực hiện».",
        ),
    }
    assert losers <= stale | too_late
    assert losers & stale
    assert losers >= too_late
    fought = _events(office, code)[start:]
    assert [(seq, action) for seq, action, _ in fought] == [
        (start + turn + 1, ("suspend", "resume")[turn % 2]) for turn in range(rounds)
    ]
    assert len({recorder for _, _, recorder in fought}) == 2


def test_two_people_on_one_project_have_one_winner_each_time(office: Any) -> None:
    _fight(office, rounds=200)


@pytest.mark.postgres
def test_two_people_on_one_project_have_one_winner_each_time_on_postgresql(postgres_office: Any) -> None:
    _fight(postgres_office, rounds=50)


def test_projects_opened_at_once_get_codes_of_their_own_without_gaps(office_on_both: Any) -> None:
    codes: list[str] = []
    with rivals(office_on_both) as pair:
        for _ in range(20):
            won, refused = clash(pair, {"do": "open", "by": "an"}, {"do": "open", "by": "binh"})
            assert refused == []
            codes.extend(won)

    assert sorted(codes) == [f"KC-VL-2025-{serial:03d}" for serial in range(1, 41)]


def test_one_decision_entered_twice_at_once_over_the_same_project_is_recorded_once(office_on_both: Any) -> None:
    code = office_on_both.bring(office_on_both.open(), Stage.CLEARED)
    with rivals(office_on_both) as pair:
        won, [refused] = clash(
            pair, {"do": "approve", "code": code, "by": "binh"}, {"do": "approve", "code": code, "by": "chi"}
        )

    assert len(won) == 1
    assert refused == (KNOWN,)
    assert [action for _, action, _ in _events(office_on_both, code)].count("approve") == 1


def test_one_decision_entered_twice_at_once_over_different_projects_is_recorded_once(office_on_both: Any) -> None:
    codes = [office_on_both.bring(office_on_both.open(), Stage.CLEARED) for _ in range(2)]
    with rivals(office_on_both) as pair:
        won, [refused] = clash(
            pair, {"do": "approve", "code": codes[0], "by": "binh"}, {"do": "approve", "code": codes[1], "by": "chi"}
        )

    assert len(won) == 1
    assert refused == (KNOWN,)
    assert sorted(office_on_both.stage(code) for code in codes) == [Stage.APPROVED, Stage.CLEARED]


# --- one contract, several projects -----------------------------------------------------------------------------

FUND = Source.NATIONAL_FUND


def under_one_contract(office: Any, projects: int, stage: Stage) -> list[str]:
    """National projects under the contract 07/HĐ, brought to a stage; the next steps are those of September."""
    codes = [office.bring(office.open(route=Route.NATIONAL), Stage.APPROVED) for _ in range(projects)]
    office.sign(*codes, number="07/HĐ", signed_on=office.today)
    for code in codes:
        office.bring(code, stage)
    office.at = AT
    return codes


def accepting(code: str, by: str) -> dict[str, Any]:
    done = {"amounts": {FUND: 300 * TRIEU}, "quantities": {"T2_2": 1}}
    return {"do": "step", "code": code, "action": "accept", "by": by, **done}


def step(code: str, action: str, by: str, **typed: Any) -> dict[str, Any]:
    return {"do": "step", "code": code, "action": action, "by": by, **typed}


def terms(office: Any) -> list[tuple[str, str]]:
    """The settlement terms that run: project and first day."""
    with office.store.read() as session:
        rows = session.connection().execute(
            text(
                "SELECT p.code, d.started_on FROM deadline AS d JOIN project AS p ON p.id = d.project_id "
                "WHERE d.clock = 'D-15' AND d.status <> 'closed' ORDER BY p.code"
            )
        )
        return [(row.code, str(row.started_on)) for row in rows]


def test_two_last_acceptances_of_a_contract_at_once_start_the_term_of_all(office_on_both: Any) -> None:
    office = office_on_both
    first, second, third = under_one_contract(office, 3, Stage.AWAITING_ACCEPTANCE)
    with rivals(office) as pair:
        assert clash(pair[:1], accepting(first, "chi"))[1] == []
        for _ in range(20):
            won, refused = clash(pair, accepting(second, "chi"), accepting(third, "chau"))

            assert (len(won), refused) == (2, [])
            assert terms(office) == [(code, "2024-09-02") for code in (first, second, third)]
            won, refused = clash(pair, step(second, "revert", "chau"), step(third, "revert", "chi"))
            assert (len(won), refused, terms(office)) == (2, [], [])
    office.prove()


def test_two_projects_signed_at_once_under_one_new_number_are_in_one_contract(office_on_both: Any) -> None:
    office = office_on_both
    first, second = (office.bring(office.open(route=Route.NATIONAL), Stage.APPROVED) for _ in range(2))
    with rivals(office) as pair:
        for number in (f"{serial:02}/HĐ" for serial in range(1, 21)):
            wishes = [step(first, "sign_contract", "chi"), step(second, "sign_contract", "chau")]
            won, refused = clash(pair, *(wish | {"number": number} for wish in wishes))

            assert (len(won), refused) == (2, [])
            with office.store.read() as session:
                contract = contract_of(session, number)
            assert (contract["total"], contract["projects"]) == (600 * TRIEU, 2)
            clash(pair, step(first, "revert", "chau"), step(second, "revert", "chi"))
    with office.store.read() as session:
        assert [contract["total"] for contract in contract_list(session)] == [0] * 20
    office.prove()


#: A step that moves the clocks of the whole contract, a step of a sibling that moves its own, and both taken back.
BESIDE: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "failed meanwhile": ({"action": "fail_acceptance", "by": "chau"}, {"action": "retry_acceptance", "by": "an"}),
    "suspended meanwhile": ({"action": "suspend", "by": "chau"}, {"action": "resume", "by": "chau"}),
    "carried meanwhile": ({"action": "carry_over", "by": "binh"}, {"action": "revert", "by": "chi"}),
}


@pytest.mark.parametrize("beside", BESIDE)
def test_step_of_a_sibling_beside_an_acceptance_waits_and_never_locks_both(office_on_both: Any, beside: str) -> None:
    office = office_on_both
    first, second = under_one_contract(office, 2, Stage.AWAITING_ACCEPTANCE)
    there, back = ({"do": "step", "code": second} | way for way in BESIDE[beside])
    with rivals(office) as pair:
        for _ in range(20):
            assert clash(pair, accepting(first, "chi"), there)[1] == []
            assert clash(pair, step(first, "revert", "bach"), back)[1] == []
    office.prove()


def test_project_that_joins_a_contract_waits_for_the_steps_of_the_others(office_on_both: Any) -> None:
    office = office_on_both
    [member] = under_one_contract(office, 1, Stage.UNDERWAY)
    office.at = START
    late = office.bring(office.open(route=Route.NATIONAL), Stage.APPROVED)
    with office.store.read() as session:
        signed_on = contract_of(session, "07/HĐ")["signed_on"]
    with rivals(office) as pair:
        for _ in range(25):
            signing = {"do": "sign", "code": late, "by": "chi", "number": "07/HĐ", "on": signed_on.isoformat()}
            assert clash(pair, signing, step(member, "suspend", "chau"))[1] == []
            assert clash(pair, step(late, "revert", "bach"), step(member, "resume", "chau"))[1] == []
    office.prove()


@pytest.mark.postgres
def test_signing_into_a_contract_holds_nothing_that_its_members_wait_for(postgres_office: Any) -> None:
    office = postgres_office
    [member] = under_one_contract(office, 1, Stage.UNDERWAY)
    office.at = START
    late = office.bring(office.open(route=Route.NATIONAL), Stage.APPROVED)
    with office.store.read() as session:
        signed_on = contract_of(session, "07/HĐ")["signed_on"].isoformat()

    with rivals(office) as (signer, _):
        with office.store.write() as session:
            load_project(session, member, lock=True)
            signer.wish(do="sign", code=late, by="chi", number="07/HĐ", on=signed_on)
            while not somebody_waits(office):
                pass
            _step(session, member, "suspend", "chau")
        answer = signer.hear()

    assert "won" in answer
    office.prove()


def somebody_waits(office: Any) -> bool:
    """Is a process of this database waiting for a lock?"""
    waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with office.store.reader.connect() as connection:
        return connection.exec_driver_sql(waiting).first() is not None


KNOWN = (
    "Quyết định 980/QĐ-UBND ngày 30/08/2024 đã được ghi; mỗi quyết định chỉ ghi một lần. "
    "Hãy kiểm tra số và ngày, hoặc dùng quyết định bổ sung cho đề án còn lại."
)

if __name__ == "__main__":
    serve(*sys.argv[1:])
