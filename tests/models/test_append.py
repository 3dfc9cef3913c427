"""A process killed at any statement of a step leaves the step wholly there or wholly absent."""

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from models.store import Store, keep_file, open_store
from models.verify import verify
from states.facts import Enclosure
from states.vocabulary import Paper, Source, Stage

TRIEU = 1_000_000
#: No step has as many statements; a loop that comes here runs for ever.
TOO_MANY = 200

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")


# --- what is interrupted ------------------------------------------------------------------------------


def accept(office: Any, code: str) -> None:
    """One step with money, quantities and a scanned paper."""
    content = b"%PDF-1.7 Bien ban nghiem thu"
    digest = keep_file(office.store.files, content)
    minutes = Enclosure(Paper.FORM_5A, sha256=digest, size=len(content), file_name="mau-5a.pdf")
    done = {"amounts": {Source.LOCAL_FUND: 300 * TRIEU, Source.COUNTERPART: 350 * TRIEU}, "quantities": {"T2_2": 1}}
    office.step(code, "accept", "chi", number="09/BBNT", signer="Lê Minh Chi", papers=(minutes,), **done)


def approve(office: Any, code: str) -> None:
    """A decision over one project and its twin."""
    office.approve(code, twin_of(code), total=600 * TRIEU)


def undo(office: Any, code: str) -> None:
    office.step(code, "revert", "chi", number="31/SCT", note="Ghi nhầm đề án")


def twin_of(code: str) -> str:
    return f"{code[:-1]}{int(code[-1]) + 1}"


STEPS: dict[str, tuple[Callable[[Any, str], None], Stage, Stage]] = {
    "accept": (accept, Stage.AWAITING_ACCEPTANCE, Stage.ACCEPTED),
    "approve": (approve, Stage.CLEARED, Stage.APPROVED),
    "revert": (undo, Stage.APPROVED, Stage.CLEARED),
}


# --- the killing --------------------------------------------------------------------------------------


def in_a_child(office: Any, deadly: int, act: Callable[[Any], None]) -> bool:
    """Act in a process that kills itself just before its statement number `deadly`; did it survive?"""
    pid = os.fork()
    if pid == 0:
        try:
            store = open_store(office.store.url, office.store.files)
            kill_at(store, deadly)
            act(replace(office, store=store))
        except BaseException:  # the child must never return into the test run
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return False
    assert os.WEXITSTATUS(status) == 0
    return True


def kill_at(store: Store, deadly: int) -> None:
    """Count what reaches the driver, COMMIT included; statements of triggers count too."""
    seen = 0

    def count(*_: Any) -> None:
        nonlocal seen
        seen += 1
        if seen == deadly:
            os.kill(os.getpid(), signal.SIGKILL)

    @event.listens_for(store.writer, "connect")
    def watch(connection: Any, _record: object) -> None:
        if store.url.startswith("sqlite"):
            connection.set_trace_callback(count)
        else:
            connection.cursor_factory = counting(connection.cursor_factory, count)
            connection.commit = counted(connection.commit, count)


def counted(commit: Callable[[], None], count: Callable[[], None]) -> Callable[[], None]:
    def count_and_commit() -> None:
        count()
        commit()

    return count_and_commit


def counting(cursor: Any, count: Callable[..., None]) -> Any:
    """psycopg has no trace callback, so its cursor counts."""

    class Counting(cursor):  # type: ignore[misc]
        def execute(self, *arguments: Any, **options: Any) -> Any:
            count()
            return super().execute(*arguments, **options)

        def executemany(self, *arguments: Any, **options: Any) -> Any:
            count()
            return super().executemany(*arguments, **options)

    return Counting


def everything(store: Store) -> dict[str, Any]:
    """The rows of every table that a step writes."""
    tables = ["ledger_head", "event", "project", "decision", "decision_line", "paper"]
    tables += ["money_entry", "quantity_entry", "funding", "contribution"]
    with store.read() as session:
        connection = session.connection()
        return {table: sorted(map(repr, connection.execute(text(f"SELECT * FROM {table}")))) for table in tables}


@pytest.mark.parametrize("name", STEPS)
def test_step_killed_at_any_statement_is_wholly_there_or_absent(office_on_both: Any, name: str) -> None:
    act, start, end = STEPS[name]
    code = office_on_both.open()
    twin = office_on_both.open()
    office_on_both.bring(code, start)
    office_on_both.bring(twin, start)
    before = everything(office_on_both.store)
    office_on_both.at += timedelta(days=1)

    deadly = 1
    while not in_a_child(office_on_both, deadly, lambda office: act(office, code)):
        left = verify(office_on_both.store)

        assert everything(office_on_both.store) == before
        # The file is kept before its row: a crash leaves at most a file that no paper names yet.
        assert {problem.table for problem in left.problems} <= {"files"}
        deadly += 1
        assert deadly < TOO_MANY

    print(f"{name}: killed at each of {deadly - 1} statements")
    assert deadly > 10
    assert office_on_both.stage(code) == end
    assert verify(office_on_both.store).problems == ()
