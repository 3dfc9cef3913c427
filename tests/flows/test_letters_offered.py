"""Which papers are offered for a list, and what is told of names that nobody has checked."""

from datetime import timedelta
from typing import Any

import pytest

from flows.jobs.papers.letters import subjects
from flows.jobs.papers.letters.grounds import GROUNDS
from flows.jobs.papers.letters.kinds import LETTER_KINDS
from flows.jobs.papers.letters.making import letter_values
from flows.jobs.papers.letters.offering import BODIES, possible_for_list, unverified
from flows.jobs.papers.tables.frame import Occasion
from models.loading import load_person
from models.plan import life
from models.plan.steps import Door, Letter
from states.vocabulary import Route, Stage

PROGRAMME = "KC-VL-2021-2025"
#: Stages of one life, and the papers that are written there.
LIFE = (
    (Stage.APPRAISED, ("appraisal_minutes", "proposal_letter")),
    (Stage.CLEARED, ("proposal_letter", "approval_decision")),
    (Stage.APPROVED, ("contract",)),
    (Stage.AWAITING_ACCEPTANCE, ("acceptance_minutes",)),
    (Stage.ACCEPTED, ("payment_request", "liquidation_minutes")),
)


def offered(office: Any, who: str = "binh", year: int = 2024) -> set[str]:
    with office.store.read() as session:
        return {kind for kind, _ in possible_for_list(session, load_person(session, who), year, Route.LOCAL)}


def plan_step(office: Any, take: Any, **more: Any) -> None:
    office.at += timedelta(days=1)
    with office.store.write() as session:
        door = Door(load_person(session, more.pop("by", "binh")), office.at, "test")
        take(session, PROGRAMME, 2024, Route.LOCAL, door=door, **more)


def letter(office: Any, number: str) -> Letter:
    return Letter(number, (office.at + timedelta(days=1)).date(), "Hồ Văn Khoa", "Theo cuộc họp")


def test_a_list_offers_the_papers_that_its_plan_is_ready_for(office: Any) -> None:
    empty = offered(office)
    code = office.bring(office.open(), Stage.CLEARED)
    without_plan = offered(office)

    plan_step(office, life.build)
    draft = offered(office)
    plan_step(office, life.propose, letter=letter(office, "50/TTr-SCT"))
    proposed = offered(office)
    plan_step(office, life.put_back, letter=letter(office, "51/STC"))
    back = offered(office)

    assert (empty, without_plan) == (set(), {"proposal_letter", "approval_decision"})
    assert (draft, proposed, back) == (
        {"proposal_letter"},
        {"proposal_letter", "approval_decision"},
        {"proposal_letter"},
    )
    assert (offered(office, "an"), offered(office, "em"), offered(office, year=2023)) == (set(), set(), set())
    assert office.stage(code) == "cleared"


def test_nothing_is_offered_once_the_list_is_approved(office: Any) -> None:
    office.approve(office.bring(office.open(), Stage.CLEARED))

    assert offered(office) == set()


def text_of(values: dict[str, Any]) -> str:
    """Everything that a paper prints, in one line and small letters, without the laws, which name ministries too."""
    printed = " ".join(str(values).replace("\\n", " ").split()).casefold()
    for law in GROUNDS:
        printed = printed.replace(law.words.casefold(), "")
    return printed


@pytest.mark.parametrize("route", Route)
def test_every_body_that_a_paper_prints_is_told_while_nobody_has_checked_it(office: Any, route: Route) -> None:
    office.tamper("UPDATE body SET verified = 0", "UPDATE programme SET verified = 0")
    with office.store.read() as session:
        rows = session.connection().exec_driver_sql("SELECT DISTINCT name FROM body").scalars()
        bodies = sorted(str(name) for name in rows)
    returned = office.bring(office.open(route=route), Stage.SUBMITTED)
    office.step(returned, "return", "binh", number="27/SCT", note="Thiếu hồ sơ", missing=("dự toán",))
    code = office.open(route=route)
    written, silent = set(), []

    for stage, kinds in ((Stage.RETURNED, ("supplement_note", "reminder_letter")), *LIFE):
        about = returned if stage is Stage.RETURNED else office.bring(code, stage)
        with office.store.read() as session:
            occasion = Occasion(session, None, office.at, False)
            subject = subjects.of_project(occasion, about)
            for kind in kinds:
                printed = text_of(letter_values(occasion, kind, subject))
                told = unverified(session, [(kind, "")], route=route, on=office.today, programme=PROGRAMME)
                silent += [(kind, name) for name in bodies if name.casefold() in printed and name not in told]
                assert f"Quyết định số 3082/QĐ-UBND, {subject.programme['name']}" in told
                written.add(kind)

    assert silent == []
    assert written == set(LETTER_KINDS) == set(BODIES)


def test_names_that_were_checked_are_not_told(office: Any) -> None:
    with office.store.read() as session:
        told = {
            route: unverified(session, [("contract", "")], route=route, on=office.today, programme=PROGRAMME)
            for route in Route
        }
        nothing = unverified(session, [], route=Route.NATIONAL, on=office.today, programme=PROGRAMME)

    assert (told[Route.LOCAL], told[Route.NATIONAL], nothing) == ([], ["Cục Công Thương địa phương"], [])
