"""Dossier, proof sheet and programme report: what the register holds, within the reader's scope, as PDF."""

from typing import Any

import pytest

from flows.jobs.papers.letters.making import PaperForm
from flows.jobs.papers.sheets.dossier import dossier_file
from flows.jobs.papers.sheets.programme import programme_file
from flows.jobs.papers.sheets.proof import proof_file
from models.queries import history
from models.status import programme_status
from states.refusal import Refused
from states.vocabulary import Stage
from states.words import format_number
from tests.flows.clerks import Clerk, words

PROGRAMME = "KC-VL-2021-2025"


def test_a_dossier_shows_facts_money_and_every_event_with_its_hash(office: Any, clerk: Clerk) -> None:
    name = 'Hỗ trợ {{ x }} #set *máy* <w:p> & "kép"'
    code = office.bring(office.open(name=name), Stage.SETTLED)

    with office.store.read() as session:
        told = words(dossier_file(clerk.occasion(session, demonstration=True), code, PaperForm.PDF_A))
        events = history(session, code)

    assert "".join(name.split()) in told
    assert [event["hash"][:12] for event in events if event["hash"][:12] not in told] == []
    assert "300.000.000" in told
    assert "MINHHỌA" in told
    assert "Sốliệuđến" in told


def test_a_proof_sheet_counts_every_day(office: Any, clerk: Clerk) -> None:
    code = office.submitted_in_2026()

    with office.store.read() as session:
        told = words(proof_file(clerk.occasion(session), code, PaperForm.PDF, "D-CHECK"))

    assert "chưakiểmchứng" in told
    days = (
        "03/03/2026",
        "04/03/2026",
        "05/03/2026",
        "06/03/2026",
        "07/03/2026",
        "08/03/2026",
        "09/03/2026",
        "10/03/2026",
    )
    assert [day for day in days if day not in told] == []


def test_working_papers_keep_to_the_readers_scope(office: Any, clerk: Clerk) -> None:
    code = office.submitted_in_2026()

    with office.store.read() as session:
        for outsider in ("yen", "hanh"):
            occasion = clerk.occasion(session, outsider)
            for make in (dossier_file, proof_file):
                with pytest.raises(Refused):
                    make(occasion, code, PaperForm.PDF)
            with pytest.raises(Refused, match="của cả tỉnh"):
                programme_file(occasion, PROGRAMME, PaperForm.PDF)


def test_a_programme_report_has_the_figures_of_the_register(office: Any, clerk: Clerk) -> None:
    office.bring(office.open(), Stage.SETTLED)

    with office.store.read() as session:
        told = words(programme_file(clerk.occasion(session, "chi"), PROGRAMME, PaperForm.PDF_A))
        status = programme_status(session, PROGRAMME)

    amounts = [format_number(sums[step]) for sums in status["money"].values() for step in sums]
    assert [amount for amount in amounts if amount not in told] == []
    assert [row["code"] for row in status["targets"] if row["code"] not in told] == []


def test_working_papers_are_never_word_files(office: Any, clerk: Clerk) -> None:
    code = office.submitted_in_2026()

    with office.store.read() as session, pytest.raises(Refused, match="chỉ có dạng PDF"):
        dossier_file(clerk.occasion(session), code, PaperForm.DOCX)
