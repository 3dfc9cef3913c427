"""What projects are found and sorted by: the rows follow every change, and trigrams find what LIKE finds."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from models import projects, queries
from models.append import Origin
from models.forms import BeneficiaryForm
from models.loading import load_person
from models.people import add_beneficiary
from models.searching import TRIGRAMS, has_trigrams, search_row
from models.setup import migrate
from models.subjects import change_subject
from models.verify import verify
from states.folding import fold, sort_key, sort_text
from states.refusal import Refused

#: Letters that look alike when folded, marks of LIKE and of FTS5, and what separates words.
ALPHABET = st.sampled_from("aăâeoơuyđdhtnm19%_!\"'*^:- -()")
WORDS = st.text(ALPHABET, min_size=1, max_size=7)


def rows(office: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows as they stand, and as they would be made now."""
    with office.store.read() as session:
        stored = session.connection().execute(text("SELECT * FROM project_search ORDER BY project_id")).mappings()
        kept = [{"id": row["project_id"], "words": row["words"], "name_key": row["name_key"]} for row in stored]
        ids = session.connection().execute(text("SELECT id FROM project ORDER BY id")).scalars()
        return kept, [search_row(session, project_id) for project_id in ids]


def found(office: Any, words: str) -> list[str]:
    with office.store.read() as session:
        return [row["code"] for row in queries.search(session, words)]


def amend(office: Any, code: str, **values: Any) -> None:
    office.at += timedelta(days=1)
    beneficiaries = values.pop("beneficiaries", None)
    with office.store.write() as session:
        person = load_person(session, "an")
        projects.amend(
            session, code, values, by=person, origin=Origin(office.at, person.id, "test"), beneficiaries=beneficiaries
        )


# --- the rows follow ----------------------------------------------------------------------------------


def test_rows_follow_the_names_of_projects_and_beneficiaries(office_on_both: Any) -> None:
    office = office_on_both
    code = office.open(name="Hỗ trợ máy sấy")
    other = office.workshop("Hợp tác xã Dừa sáp")

    amend(office, code, name="Hỗ trợ lò nung", beneficiaries=(other,))
    with office.store.write() as session:
        change_subject(session, "beneficiary", other, {"name": "Tổ gốm", "folded_name": "to gom"}, office.origin)

    kept, made = rows(office)
    assert kept == made
    assert [found(office, words) for words in ("lo nung", "to gom")] == [[code], [code]]
    assert [found(office, words) for words in ("may say", "dua sap", "tau hu ky")] == [[], [], []]


def test_rows_follow_a_refused_change_nowhere(office: Any) -> None:
    code = office.open(name="Hỗ trợ máy sấy")

    with pytest.raises(Refused):
        amend(office, code, name="Hỗ trợ máy sấy", state="settled")

    assert found(office, "may say") == [code]


def test_migration_fills_what_is_missing_and_brings_the_trigrams_back(office: Any) -> None:
    code = office.open(name="Hỗ trợ máy sấy")
    with office.store.writer.begin() as connection:
        connection.exec_driver_sql("DELETE FROM project_search")
        connection.exec_driver_sql(f"DROP TABLE {TRIGRAMS}")
        for trigger in ("added", "removed", "changed"):
            connection.exec_driver_sql(f"DROP TRIGGER project_search_{trigger}")

    migrate(office.store)

    with office.store.read() as session:
        assert has_trigrams(session)
    assert found(office, "may say") == [code]
    assert verify(office.store).problems == ()


def test_search_without_trigrams_finds_the_same(office: Any) -> None:
    """As on a SQLite that was built without FTS5."""
    codes = [office.open(name=name) for name in ("Hỗ trợ máy sấy", "Hỗ trợ máy ép", "Lò nung")]
    with office.store.writer.begin() as connection:
        for trigger in ("added", "removed", "changed"):
            connection.exec_driver_sql(f"DROP TRIGGER project_search_{trigger}")
        connection.exec_driver_sql(f"DROP TABLE {TRIGRAMS}")

    assert [found(office, words) for words in ("may", "lo nung", "ep")] == [codes[:2], codes[2:], [codes[1]]]


def test_any_program_may_write_the_rows_and_the_trigrams_follow(office: Any) -> None:
    code = office.open(name="Hỗ trợ máy sấy")
    with closing(sqlite3.connect(Path(office.store.url.removeprefix("sqlite:///")))) as connection, connection:
        connection.execute("UPDATE project_search SET words = 'lo nung gach'")

    assert (found(office, "nung gach"), found(office, "may say")) == ([code], [])


# --- the same as LIKE ---------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["x" * 201, " ".join(f"w{n}" for n in range(21))])
def test_text_that_was_pasted_is_refused(office: Any, words: str) -> None:
    with pytest.raises(Refused, match="Từ khóa quá dài"):
        found(office, words)


def test_character_that_cannot_be_printed_parts_words(office_on_both: Any) -> None:
    code = office_on_both.open(name="Hỗ trợ máy sấy")

    assert found(office_on_both, "may\x00say") == [code]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(ALPHABET, min_size=1, max_size=30), typed=st.lists(WORDS, min_size=1, max_size=3))
def test_search_finds_what_like_finds(office_on_both: Any, name: str, typed: list[str]) -> None:
    office = office_on_both
    called = f"Máy {name} đ"
    with office.store.write() as session:
        form = BeneficiaryForm(name=f"Cơ sở {name[::-1]} số {office.at.timestamp():.0f}", kind="household")
        firm = add_beneficiary(session, form, office.origin, distinct=True)
    office.at += timedelta(seconds=1)
    office.open(name=called, beneficiaries=(firm,))
    words = fold(" ".join(typed)).split()
    if not words:
        return

    with office.store.read() as session:
        texts = session.connection().execute(text("SELECT code, search_text FROM project ORDER BY serial")).all()
        named = session.connection().execute(_NAMED).all()
    firms: dict[str, list[str]] = {}
    for code, folded, tax in named:
        firms.setdefault(code, []).extend(filter(None, (folded, tax)))
    wanted = [
        code
        for code, said in texts
        if all(word in said or any(word in firm for firm in firms.get(code, ())) for word in words)
    ]

    with office.store.read() as session:
        assert [row["code"] for row in queries.search(session, " ".join(typed), limit=1000)] == wanted


_NAMED = text("""
    SELECT p.code, b.folded_name, b.tax_code FROM project_beneficiary AS n
    JOIN beneficiary AS b ON b.id = n.beneficiary_id JOIN project AS p ON p.id = n.project_id WHERE n.direction > 0""")


# --- the order of names -------------------------------------------------------------------------------


@settings(max_examples=400, deadline=None)
@given(st.lists(st.text(max_size=12) | st.text("aàáăằâđdeêơo 019x", max_size=12), min_size=2, max_size=6))
def test_key_of_a_name_sorts_by_its_bytes_as_a_dictionary_does(names: list[str]) -> None:
    by_key = sorted(names, key=lambda name: (sort_key(name), names.index(name)))

    assert sorted(names, key=lambda name: (sort_text(name).encode(), names.index(name))) == by_key
    assert all(sort_text(name).isascii() for name in names)
