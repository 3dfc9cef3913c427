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

from models import decisions, ledger, projects
from models.append import Origin
from models.forms import ProjectForm
from models.loading import load_person
from models.store import open_store
from states.actions import Action
from states.facts import Order
from states.refusal import Refused
from states.vocabulary import Route, Source, Stage

AT = datetime(2024, 9, 2, 2, 0, tzinfo=UTC)
TRIEU = 1_000_000

# --- what each process does, one line of JSON in and one out ----------------------------------------------------


def serve(url: str, files: str) -> None:
    """Carry out what is asked on standard input until it closes."""
    store = open_store(url, Path(files))
    deeds: dict[str, Callable[..., dict[str, Any]]] = {"step": _step, "open": _open, "approve": _approve}
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


def _step(session: Any, code: str, action: str, by: str, seen: int | None) -> dict[str, Any]:
    person = load_person(session, by)
    order = Order(Action(action), person, AT, number="21/QĐ-SCT", note="Chờ mặt bằng nhà xưởng", seen_version=seen)
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


KNOWN = (
    "Quyết định 980/QĐ-UBND ngày 30/08/2024 đã được ghi; mỗi quyết định chỉ ghi một lần. "
    "Hãy kiểm tra số và ngày, hoặc dùng quyết định bổ sung cho đề án còn lại."
)

if __name__ == "__main__":
    serve(*sys.argv[1:])
