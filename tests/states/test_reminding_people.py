"""Who is reminded: whose step is awaited, who is above them, and who reads for whom."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from states.facts import Person
from states.lifecycle import ENDS
from states.recipients import ASIDE, Duty, Staff, roles_awaited, steps_awaited
from states.reminder_rules import Audience
from states.standing_in import Absence, Addressee, addressee, refuse_absence
from states.steps import STEPS
from states.vocabulary import Role, Route, Stage

AN = Person(1, "an", "Nguyễn Văn An", Role.CENTRE_OFFICER, unit_id=1)
YEN = Person(2, "yen", "Phạm Thị Yến", Role.CENTRE_OFFICER, unit_id=2)
BINH = Person(3, "binh", "Trần Thị Bình", Role.COORDINATOR)
BACH = Person(4, "bach", "Đỗ Xuân Bách", Role.COORDINATOR)
CHI = Person(5, "chi", "Lê Minh Chi", Role.LEADER)
CHAU = Person(6, "chau", "Võ Thị Châu", Role.LEADER)
DUNG = Person(7, "dung", "Phan Tiến Dũng", Role.FINANCE)
EM = Person(8, "em", "Huỳnh Văn Em", Role.AUDITOR)
GIANG = Person(9, "giang", "Bùi Trường Giang", Role.ADMINISTRATOR)
HANH = Person(10, "hanh", "Ngô Mỹ Hạnh", Role.COMMUNE_VIEWER)
EVERYONE = (AN, YEN, BINH, BACH, CHI, CHAU, DUNG, EM, GIANG, HANH)
PEOPLE = {person.code: person for person in EVERYONE}


def owners(clock: str | None, route: Route, stage: Stage | None, *people: Person, unit: int | None = 1) -> Any:
    return Staff(people or EVERYONE).told(Duty(clock, route, stage, unit))[Audience.OWNER]


@pytest.mark.parametrize(
    ("clock", "route", "stage", "codes"),
    [
        # Typed from the lifecycle: who may take the step that stops the clock, by the role closest to the work.
        ("D-CHECK", Route.LOCAL, Stage.SUBMITTED, ("binh", "bach")),
        ("D-APPR", Route.LOCAL, Stage.APPRAISING, ("binh", "bach")),
        ("D-SUPP", Route.LOCAL, Stage.RETURNED, ("an",)),
        ("D-SUPP", Route.LOCAL, Stage.REVIEW_RETURNED, ("binh", "bach")),
        ("D-REPAIR", Route.LOCAL, Stage.ACCEPTANCE_FAILED, ("an",)),
        ("D-RECOVER", Route.LOCAL, Stage.RECOVERING, ("dung",)),
        ("D-31JAN", Route.LOCAL, Stage.SETTLING, ("dung",)),
        # A body outside the department decides: the coordinator follows it up.
        ("D-FIN", Route.LOCAL, Stage.REVIEWING, ("binh", "bach")),
        ("D-22JAN", Route.NATIONAL, Stage.SETTLING, ("binh", "bach")),
        # The project is not that far: who takes the next step on the way there.
        ("D-END", Route.LOCAL, Stage.APPROVED, ("binh", "bach")),
        ("D-END", Route.LOCAL, Stage.UNDERWAY, ("an",)),
        ("D-END", Route.LOCAL, Stage.AWAITING_ACCEPTANCE, ("binh", "bach")),
        ("D-END", Route.LOCAL, Stage.SUSPENDED, ("chi", "chau")),
        ("D-22JAN", Route.NATIONAL, Stage.ACCEPTED, ("an",)),
        # No step stops it, or no project has it.
        ("D-31MAR", Route.LOCAL, Stage.ACCEPTED, ("binh", "bach")),
        ("D-REG", Route.NATIONAL, None, ("binh", "bach")),
        # The next step of a stage.
        (None, Route.LOCAL, Stage.DRAFT, ("an",)),
        (None, Route.LOCAL, Stage.WAITLISTED, ("binh", "bach")),
        (None, Route.LOCAL, Stage.CLEARED, ("binh", "bach")),
        (None, Route.LOCAL, Stage.SETTLING, ("dung",)),
    ],
)
def test_owner_is_whose_step_is_awaited(clock: str | None, route: Route, stage: Stage, codes: tuple[str, ...]) -> None:
    assert owners(clock, route, stage) == codes


def test_centre_officers_are_those_of_the_unit_and_outsiders_hear_nothing() -> None:
    assert owners("D-SUPP", Route.LOCAL, Stage.RETURNED, unit=2) == ("yen",)
    assert owners("D-SUPP", Route.LOCAL, Stage.RETURNED, AN, EM, GIANG, HANH, BINH, unit=2) == ("binh",)


@pytest.mark.parametrize("route", Route)
@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in ENDS])
def test_somebody_is_told_of_every_clock_at_every_stage(stage: Stage, route: Route) -> None:
    clocks = {clock for step in STEPS for clock in (*step.opens, *step.closes_deadlines)} | {"D-31MAR", "D-BC"}
    business = {Role.CENTRE_OFFICER, Role.COORDINATOR, Role.FINANCE, Role.LEADER}

    for clock in (*sorted(clocks), None):
        assert roles_awaited(clock, route, stage)
        assert roles_awaited(clock, route, stage) <= business
        told = Staff(EVERYONE).told(Duty(clock, route, stage, 1))
        assert all(told[audience] for audience in Audience)
        assert not {"em", "giang", "hanh", "yen"} & {code for codes in told.values() for code in codes}


@pytest.mark.parametrize(
    ("clock", "stage", "actions"),
    [
        ("D-APPR", Stage.APPRAISING, {"pass_appraisal", "fail_appraisal"}),
        # A failed acceptance leads there too, by a longer way.
        ("D-31JAN", Stage.AWAITING_ACCEPTANCE, {"accept"}),
        ("D-END", Stage.SUSPENDED, {"resume"}),
        (None, Stage.AWAITING_ACCEPTANCE, {"accept", "fail_acceptance"}),
    ],
)
def test_awaited_steps_are_those_of_the_shortest_way(clock: str | None, stage: Stage, actions: set[str]) -> None:
    assert {str(step.action) for step in steps_awaited(clock, Route.LOCAL, stage)} == actions


def test_nobody_is_reminded_to_give_up() -> None:
    assert {str(action) for action in ASIDE} == {
        "withdraw",
        "lapse",
        "stop",
        "write_off",
        "suspend",
        "reroute",
        "return_settlement",
        "revert",
    }


@pytest.mark.parametrize(
    ("people", "in_charge", "supervisor", "next_level"),
    [
        (EVERYONE, ["chau"], ("chau",), ("chi",)),
        (EVERYONE, [], ("chi", "chau"), ("chi", "chau")),
        (EVERYONE, ["binh"], ("chi", "chau"), ("chi", "chau")),
        ((BINH, CHI, GIANG), ["chi"], ("chi",), ("chi",)),
        ((BINH, CHI, replace(CHAU, active=False)), ["chau"], ("chi",), ("chi",)),
        ((BINH, GIANG), [], ("giang",), ("giang",)),
        ((BINH,), [], (), ()),
    ],
)
def test_superiors_are_leaders_and_the_administrator_only_where_there_is_none(
    people: tuple[Person, ...], in_charge: list[str], supervisor: tuple[str, ...], next_level: tuple[str, ...]
) -> None:
    told = Staff(people, in_charge=in_charge).told(Duty("D-CHECK", Route.LOCAL, Stage.SUBMITTED, 1))

    assert (told[Audience.SUPERVISOR], told[Audience.NEXT_LEVEL]) == (supervisor, next_level)


@pytest.mark.parametrize(
    ("people", "codes"),
    [((replace(AN, active=False), BINH, CHI), ("binh",)), ((CHI, GIANG), ("chi",)), ((GIANG, EM), ("giang",))],
)
def test_duty_of_somebody_missing_goes_upwards(people: tuple[Person, ...], codes: tuple[str, ...]) -> None:
    assert owners("D-SUPP", Route.LOCAL, Stage.RETURNED, *people) == codes


# --- stand-ins ----------------------------------------------------------------------------------------

FIRST, LAST = date(2026, 8, 10), date(2026, 8, 14)


def away(person: str, substitute: str, first_on: date = FIRST, last_on: date = LAST) -> Absence:
    return Absence(person=person, substitute=substitute, first_on=first_on, last_on=last_on)


@pytest.mark.parametrize(
    ("on", "reader"),
    [(date(2026, 8, 9), BINH), (FIRST, BACH), (LAST, BACH), (date(2026, 8, 15), BINH)],
)
def test_substitute_reads_from_the_first_to_the_last_day(on: date, reader: Person) -> None:
    found = addressee(BINH, [away("binh", "bach")], PEOPLE, on=on)

    assert found == (Addressee(BACH, BINH) if reader is BACH else Addressee(BINH))
    assert bool(found.note) is (reader is BACH)


def test_stand_in_is_told_for_whom() -> None:
    found = addressee(BINH, [away("binh", "bach")], PEOPLE, on=FIRST)

    assert found.note == "Anh/chị nhận thư này thay Trần Thị Bình đang vắng mặt."


def test_chain_is_followed_to_whoever_is_there() -> None:
    absences = [away("binh", "bach"), away("bach", "chi", first_on=date(2026, 8, 12))]

    assert addressee(BINH, absences, PEOPLE, on=FIRST) == Addressee(BACH, BINH)
    assert addressee(BINH, absences, PEOPLE, on=date(2026, 8, 12)) == Addressee(CHI, BINH)


def test_chain_that_turns_back_leaves_the_message_with_the_person() -> None:
    absences = [away("binh", "bach"), away("bach", "chi"), away("chi", "bach")]

    found = addressee(BINH, absences, PEOPLE, on=FIRST)

    assert (found.person, found.instead_of) == (BINH, None)
    assert found.warning == "Việc thay nhau của Trần Thị Bình quay vòng; hãy đổi người thay."


def test_substitute_who_left_is_named_and_the_message_stays() -> None:
    people = {**PEOPLE, "bach": replace(BACH, active=False)}

    found = addressee(BINH, [away("binh", "bach")], people, on=FIRST)

    assert (found.person, found.instead_of, found.note) == (BINH, None, "")
    assert found.warning == ("Đỗ Xuân Bách thay Trần Thị Bình nhưng không còn hoạt động; hãy chọn người thay khác.")


@pytest.mark.parametrize(
    ("new", "known", "reasons"),
    [
        (away("binh", "bach"), [], ()),
        (away("binh", "chi"), [], ()),
        (away("an", "binh"), [], ()),
        (away("an", "an-2"), [], ()),
        (away("binh", "bach"), [away("binh", "chi", date(2026, 8, 15), date(2026, 8, 20))], ()),
        (away("binh", "bach"), [away("bach", "binh", date(2026, 8, 15), date(2026, 8, 20))], ()),
        (away("binh", "binh"), [], ("Trần Thị Bình không thể tự thay mình; hãy chọn người khác.",)),
        (
            away("binh", "bach", LAST, FIRST),
            [],
            ("Ngày hết vắng đứng trước ngày bắt đầu vắng; hãy sửa lại ngày.",),
        ),
        (
            away("binh", "bach"),
            [away("binh", "chi", LAST, date(2026, 8, 20))],
            ("Trần Thị Bình đã có người thay từ 14/08/2026 đến 20/08/2026; hãy sửa lại ngày.",),
        ),
        (
            away("an", "yen"),
            [],
            (
                "Phạm Thị Yến (Cán bộ đơn vị thực hiện) không được xem các đề án của Nguyễn Văn An; hãy chọn người"
                " cùng đơn vị hoặc người của Sở.",
            ),
        ),
        (
            away("chi", "em"),
            [],
            (
                "Huỳnh Văn Em (Thanh tra, kiểm toán (chỉ xem)) không được xem các đề án của Lê Minh Chi; hãy chọn"
                " người cùng đơn vị hoặc người của Sở.",
            ),
        ),
        (
            away("binh", "gone"),
            [],
            ("Người Cũ không còn hoạt động; hãy chọn người thay khác.",),
        ),
        (
            away("binh", "bach"),
            [away("bach", "chi", date(2026, 8, 1), date(2026, 8, 12)), away("chi", "binh", date(2026, 8, 12))],
            ("Ngày 12/08/2026 việc thay nhau sẽ quay vòng về Trần Thị Bình; hãy chọn người thay khác hoặc ngày khác.",),
        ),
    ],
)
def test_absence_is_refused_with_the_reason(new: Absence, known: list[Absence], reasons: tuple[str, ...]) -> None:
    more = {"an-2": replace(AN, id=11, code="an-2"), "gone": replace(BACH, id=12, name="Người Cũ", active=False)}

    assert refuse_absence(new, known, PEOPLE | more) == reasons
