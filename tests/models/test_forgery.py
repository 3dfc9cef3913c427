"""Events forged with right hashes, damaged text, guards taken away: what verify says on both databases."""

import hashlib
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, text

from models.setup import migrate
from models.store import Store
from models.subjects import open_subjects
from models.triggers import APPEND_ONLY, guard_names, install_guards
from models.verify import CHUNK, Verification, verify
from states.vocabulary import Source, Stage

TRIEU = 1_000_000


@contextmanager
def guards_off(store: Store) -> Iterator[Connection]:
    """Take the triggers away as the owner of the database can, and put them back afterwards."""
    with store.writer.begin() as connection:
        drop_triggers(connection)
        yield connection
        install_guards(connection)


def drop_triggers(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        for name in guard_names():
            connection.execute(text(f"DROP TRIGGER {name}"))
        return
    rows = connection.execute(
        text("SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal")
    )
    for name, table in rows.all():
        connection.execute(text(f"DROP TRIGGER {name} ON {table}"))


def forge(connection: Connection, event_id: int, change: Callable[[dict[str, Any]], object]) -> None:
    """Rewrite a body and its hash as the ledger would have written them."""
    said = json.loads(connection.execute(text("SELECT body FROM event WHERE id = :id"), {"id": event_id}).scalar_one())
    change(said)
    write_body(connection, event_id, json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def write_body(connection: Connection, event_id: int, body: str) -> None:
    digest = hashlib.sha256(body.encode()).hexdigest()
    values = {"body": body, "hash": digest, "id": event_id}
    connection.execute(text("UPDATE event SET body = :body, hash = :hash WHERE id = :id"), values)


def events_of(office: Any, code: str) -> tuple[int, list[int]]:
    """A project's id and the ids of its events, first to last."""
    with office.store.read() as session:
        connection = session.connection()
        project = connection.execute(text("SELECT id FROM project WHERE code = :code"), {"code": code}).scalar_one()
        events = connection.execute(
            text("SELECT id FROM event WHERE subject_kind = 'project' AND subject_id = :id ORDER BY seq"),
            {"id": project},
        )
        return project, list(events.scalars())


def found(verification: Verification) -> list[tuple[str, str]]:
    return [(problem.table, problem.key) for problem in verification.problems]


# --- nothing wrong ------------------------------------------------------------------------------------


def test_register_of_many_chunks_is_verified_whole(office_on_both: Any) -> None:
    store = office_on_both.store
    office_on_both.bring(office_on_both.open(), Stage.SETTLED)
    rows = [{"code": f"u{n}", "name": f"Đơn vị {n}", "executes": 1, "active": 1} for n in range(2 * CHUNK)]
    with store.write() as session:
        ids = open_subjects(session, "unit", rows, office_on_both.origin)

    untouched = verify(store)
    with guards_off(store) as connection:
        connection.execute(text("UPDATE unit SET name = 'Tên khác' WHERE id = :id"), {"id": ids[-1]})

    assert (untouched.ok, untouched.events, untouched.problems) == (True, ids[-1], ())
    assert found(verify(store)) == [("unit", f"id={ids[-1]}")]


def test_verification_beside_a_writer_sees_one_moment(office_on_both: Any) -> None:
    def write() -> None:
        for _ in range(40):
            office_on_both.open()

    with ThreadPoolExecutor() as pool:
        writing = pool.submit(write)
        seen = [verify(office_on_both.store)]
        while not writing.done():
            seen.append(verify(office_on_both.store))
        writing.result()

    assert [problem for verification in seen for problem in verification.problems] == []


# --- plain tampering on both databases ----------------------------------------------------------------


def test_edited_row_is_found_with_old_and_new_value(office_on_both: Any) -> None:
    project, _ = events_of(office_on_both, office_on_both.open())

    with guards_off(office_on_both.store) as connection:
        connection.execute(text("UPDATE project SET plan_year = 2023 WHERE id = :id"), {"id": project})
    verification = verify(office_on_both.store)

    assert found(verification)[0] == ("project", f"id={project}")
    assert verification.problems[0].what == "cột plan_year đang là 2023, theo các sự kiện phải là 2024."


def test_deleted_line_is_found(office_on_both: Any) -> None:
    _, events = events_of(office_on_both, office_on_both.open())

    with guards_off(office_on_both.store) as connection:
        connection.execute(text("DELETE FROM money_entry WHERE event_id = :id AND line = 2"), {"id": events[0]})

    assert found(verify(office_on_both.store)) == [("money_entry", f"event_id={events[0]},line=2")]


def test_inserted_line_is_found(office_on_both: Any) -> None:
    _, events = events_of(office_on_both, office_on_both.open())

    with guards_off(office_on_both.store) as connection:
        connection.execute(
            text(
                "INSERT INTO money_entry (event_id, line, project_id, beneficiary_id, source, kind, amount, direction) "
                "SELECT event_id, 3, project_id, beneficiary_id, source, kind, amount, direction FROM money_entry "
                "WHERE event_id = :id AND line = 2"
            ),
            {"id": events[0]},
        )

    assert found(verify(office_on_both.store)) == [("money_entry", f"event_id={events[0]},line=3")]


@pytest.mark.parametrize("column", ["recorded_at", "decided_on"])
def test_edited_time_is_found(office_on_both: Any, column: str) -> None:
    _, events = events_of(office_on_both, office_on_both.bring(office_on_both.open(), Stage.APPRAISED))
    day = "2023-05-06T00:00:00.000000Z" if column == "recorded_at" else "2023-05-06"

    with guards_off(office_on_both.store) as connection:
        connection.execute(text(f"UPDATE event SET {column} = '{day}' WHERE id = :id"), {"id": events[2]})

    assert found(verify(office_on_both.store)) == [("event", f"id={events[2]}")]


# --- forged events: the hash is right, and something else is not --------------------------------------


def test_event_rewritten_with_its_hash_breaks_the_next_link(office_on_both: Any) -> None:
    _, events = events_of(office_on_both, office_on_both.bring(office_on_both.open(), Stage.APPRAISED))

    with guards_off(office_on_both.store) as connection:
        forge(connection, events[1], lambda said: said.update(signer="Người khác"))
    verification = verify(office_on_both.store)

    assert found(verification) == [("event", f"id={events[2]}")]
    assert "không nối với sự kiện trước" in verification.problems[0].what


def test_settlement_rewritten_everywhere_breaks_the_equations(office_on_both: Any) -> None:
    project, events = events_of(office_on_both, office_on_both.bring(office_on_both.open(), Stage.SETTLED))

    def lower(said: dict[str, Any]) -> None:
        said["lines"]["money_entry"][0]["amount"] -= TRIEU

    with guards_off(office_on_both.store) as connection:
        forge(connection, events[-1], lower)
        touched = {"million": TRIEU, "event": events[-1], "project": project, "fund": Source.LOCAL_FUND.value}
        for statement in (
            "UPDATE money_entry SET amount = amount - :million WHERE event_id = :event AND source = :fund",
            "UPDATE funding SET settled = settled - :million WHERE project_id = :project AND source = :fund",
        ):
            connection.execute(text(statement), touched)
    verification = verify(office_on_both.store)

    assert found(verification) == [("funding", f"project_id={project},source=local_fund")] * 2
    assert [problem.what.split(";")[0] for problem in verification.problems] == [
        "approved + adjusted là 300000000 đồng, settled + released là 299000000 đồng",
        "prepaid + paid là 300000000 đồng, settled + recovered là 299000000 đồng",
    ]


def test_decision_total_rewritten_everywhere_is_not_the_sum_of_its_lines(office_on_both: Any) -> None:
    code = office_on_both.bring(office_on_both.open(), Stage.CLEARED)
    decision = office_on_both.approve(code).decision_id

    with guards_off(office_on_both.store) as connection:
        forge(connection, decision, lambda said: said["set"].update(total=700 * TRIEU))
        connection.execute(text(f"UPDATE decision SET total = {700 * TRIEU}"))
    verification = verify(office_on_both.store)

    assert found(verification) == [("decision", f"id={decision}")]
    assert verification.problems[0].what == "cột total đang là 700000000, theo các sự kiện phải là 300000000."


def test_step_that_the_lifecycle_does_not_know_is_found(office_on_both: Any) -> None:
    project, events = events_of(office_on_both, office_on_both.bring(office_on_both.open(), Stage.SUBMITTED))

    def jump(said: dict[str, Any]) -> None:
        said.update(to="cleared")
        said["set"].update(stage="cleared", state="appraised")

    with guards_off(office_on_both.store) as connection:
        forge(connection, events[-1], jump)
        connection.execute(text("UPDATE event SET to_stage = 'cleared' WHERE id = :id"), {"id": events[-1]})
        changed = "UPDATE project SET stage = 'cleared', state = 'appraised' WHERE id = :id"
        connection.execute(text(changed), {"id": project})
    verification = verify(office_on_both.store)

    assert found(verification) == [("event", f"id={events[-1]}")]
    assert "vòng đời không có bước “submit” từ “draft” đến “cleared”" in verification.problems[0].what


def test_step_from_another_stage_than_the_last_one_is_found(office_on_both: Any) -> None:
    _, events = events_of(office_on_both, office_on_both.bring(office_on_both.open(), Stage.APPRAISING))

    with guards_off(office_on_both.store) as connection:
        forge(
            connection,
            events[-1],
            lambda said: said.update({"from": "returned", "action": "correct", "to": "returned"}),
        )
    verification = verify(office_on_both.store)

    assert "đi từ “returned” trong khi hồ sơ đang ở “submitted”" in " ".join(p.what for p in verification.problems)


def test_old_value_that_was_never_there_is_found(office_on_both: Any) -> None:
    _, events = events_of(office_on_both, office_on_both.bring(office_on_both.open(), Stage.SUBMITTED))

    with guards_off(office_on_both.store) as connection:
        forge(connection, events[-1], lambda said: said["was"].update(stage="returned"))

    assert found(verify(office_on_both.store)) == [("event", f"id={events[-1]}")]


def test_search_text_that_does_not_follow_from_the_name_is_found(office_on_both: Any) -> None:
    project, events = events_of(office_on_both, office_on_both.open())

    with guards_off(office_on_both.store) as connection:
        forge(connection, events[0], lambda said: said["set"].update(search_text="tim khong ra"))
        connection.execute(text("UPDATE project SET search_text = 'tim khong ra'"))

    assert found(verify(office_on_both.store)) == [("project", f"id={project}")]


def forward_id(said: dict[str, Any]) -> None:
    said.update(id=10**30)


def fraction(said: dict[str, Any]) -> None:
    said["set"].update(total_cost=1.5)


def amount_in_words(said: dict[str, Any]) -> None:
    said["lines"]["money_entry"][0].update(amount="ba trăm triệu")


def strange_table(said: dict[str, Any]) -> None:
    said["lines"].update(contact=[])


@pytest.mark.parametrize("change", [forward_id, fraction, amount_in_words, strange_table])
def test_body_that_the_ledger_would_never_write_is_found(office_on_both: Any, change: Any) -> None:
    _, events = events_of(office_on_both, office_on_both.open())

    with guards_off(office_on_both.store) as connection:
        forge(connection, events[0], change)

    assert found(verify(office_on_both.store))[0] == ("event", f"id={events[0]}")


UNREADABLE = {"not JSON": "{", "other keys": "{}", "a list": "[]", "nested without end": "[" * 100_000}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=list(UNREADABLE))
def test_unreadable_body_is_named_and_the_rest_still_checked(office_on_both: Any, body: str) -> None:
    _, events = events_of(office_on_both, office_on_both.bring(office_on_both.open(), Stage.APPRAISED))

    with guards_off(office_on_both.store) as connection:
        write_body(connection, events[1], body)
        connection.execute(text("UPDATE beneficiary SET name = 'Cơ sở khác'"))
        connection.execute(text("UPDATE paper SET signer = 'Người khác' WHERE event_id = :id"), {"id": events[3]})
    tables = {table for table, _ in found(verify(office_on_both.store))}

    assert tables == {"event", "beneficiary", "paper"}


def test_body_that_is_not_canonical_is_found_though_its_hash_is_right(office_on_both: Any) -> None:
    _, events = events_of(office_on_both, office_on_both.open())

    with guards_off(office_on_both.store) as connection:
        [body] = connection.execute(text("SELECT body FROM event WHERE id = :id"), {"id": events[0]}).one()
        write_body(connection, events[0], body.replace('"action":', '"action": '))

    assert found(verify(office_on_both.store)) == [("event", f"id={events[0]}")]


@pytest.mark.parametrize(("table", "column"), [("event", "body"), ("project", "name"), ("paper", "number")])
def test_damaged_text_is_named_and_does_not_stop_the_verification(office: Any, table: str, column: str) -> None:
    """PostgreSQL refuses such bytes; in a SQLite file a bad sector or a foreign tool leaves them."""
    office.bring(office.open(), Stage.SUBMITTED)

    with guards_off(office.store) as connection:
        connection.execute(text(f"UPDATE {table} SET {column} = CAST(x'c3c3ff' AS TEXT)"))

    assert table in {problem.table for problem in verify(office.store).problems}


def test_target_planned_with_nothing_opens_no_balance(office_on_both: Any) -> None:
    code = office_on_both.open(targets={"T2_2": 1, "T2_1": 0})

    assert office_on_both.facts(code).quantities == {"T2_2": 1}
    assert verify(office_on_both.store).problems == ()


# --- the database's own guards ------------------------------------------------------------------------


def test_missing_guards_are_found_and_migrating_puts_them_back(office_on_both: Any) -> None:
    with office_on_both.store.writer.begin() as connection:
        drop_triggers(connection)

    without = verify(office_on_both.store)
    migrate(office_on_both.store)

    assert set(guard_names()) <= {key for table, key in found(without) if table == "trigger"}
    assert {table for table, _ in found(without)} == {"trigger"}
    assert verify(office_on_both.store).ok is True


@pytest.mark.postgres
def test_disabled_guard_is_found_on_postgresql(postgres_office: Any) -> None:
    with postgres_office.store.writer.begin() as connection:
        for table in APPEND_ONLY:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER {table}_keeps_truncate"))

    expected = sorted(("trigger", f"{table}_keeps_truncate") for table in APPEND_ONLY)
    assert found(verify(postgres_office.store)) == expected


def test_changed_lifecycle_edges_are_found(office_on_both: Any) -> None:
    with office_on_both.store.writer.begin() as connection:
        connection.execute(text("INSERT INTO lifecycle_edge VALUES ('settle', 'draft', 'settled')"))
        connection.execute(text("DELETE FROM lifecycle_edge WHERE action = 'submit'"))

    assert found(verify(office_on_both.store)) == [
        ("lifecycle_edge", "action=submit,from_stage=draft,to_stage=submitted"),
        ("lifecycle_edge", "action=settle,from_stage=draft,to_stage=settled"),
    ]
