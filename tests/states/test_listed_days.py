"""What may not stand in one calendar: every contradiction has its sentence, and sound lists have none."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest

from states.calendar import Calendar
from states.listed_days import DayKind, ListedDay, Weekend
from states.refusal import Refused

CULTURE_DAY = date(2026, 11, 24)
WEEKEND = Weekend(weekdays=frozenset({6, 7}), basis="Quyết định 188/1999/QĐ-TTg Điều 1", verified=True)
NOTICE = "Thông báo 9441/TB-BNV"
FRIDAY, SATURDAY, SUNDAY = date(2026, 1, 2), date(2026, 1, 10), date(2026, 1, 11)


def off(day: date, name: str = "Nghỉ lễ", *, swap_with: date | None = None, active: bool = True) -> ListedDay:
    return ListedDay(
        day=day,
        kind=DayKind.OFF,
        name=name,
        basis=NOTICE,
        verified=True,
        swap_with=swap_with,
        active=active,
        switchable=not active,
    )


def work(day: date, name: str = "Làm bù", *, swap_with: date | None = None) -> ListedDay:
    return ListedDay(day=day, kind=DayKind.WORK, name=name, basis=NOTICE, verified=True, swap_with=swap_with)


def calendar_of(*days: ListedDay, confirmed: Iterable[int] = ()) -> Calendar:
    return Calendar(jurisdiction="VN", version=1, weekend=WEEKEND, days=days, confirmed_years=frozenset(confirmed))


@pytest.mark.parametrize(
    ("days", "reasons"),
    [
        pytest.param(
            [off(SATURDAY, "Tết Dương lịch"), work(SATURDAY, "Làm bù")],
            [
                "Ngày 10/01/2026 vừa là ngày nghỉ (“Tết Dương lịch”) vừa là ngày làm việc (“Làm bù”);"
                " hãy chỉ giữ dòng đúng với văn bản."
            ],
            id="off-and-work",
        ),
        pytest.param(
            [off(FRIDAY, "Tết Dương lịch"), off(FRIDAY, "Nghỉ bù")],
            ["Ngày 02/01/2026 được ghi là ngày nghỉ hai lần (“Tết Dương lịch” và “Nghỉ bù”); hãy chỉ giữ một dòng."],
            id="off-twice",
        ),
        pytest.param(
            [off(FRIDAY, "A"), off(FRIDAY, "B", active=False)],
            ["Ngày 02/01/2026 được ghi là ngày nghỉ hai lần (“A” và “B”); hãy chỉ giữ một dòng."],
            id="off-twice-though-one-is-switched-off",
        ),
        pytest.param(
            [off(FRIDAY, swap_with=SATURDAY)],
            ["Ngày 02/01/2026 hoán đổi với ngày 10/01/2026 nhưng lịch không có ngày 10/01/2026; hãy ghi cả hai ngày."],
            id="swap-without-partner",
        ),
        pytest.param(
            [off(FRIDAY, swap_with=SATURDAY), work(SATURDAY)],
            [
                "Ngày 02/01/2026 hoán đổi với ngày 10/01/2026 nhưng ngày 10/01/2026 không ghi lại như vậy;"
                " hãy sửa cho khớp."
            ],
            id="swap-told-on-one-side",
        ),
        pytest.param(
            [off(FRIDAY, swap_with=date(2026, 1, 5)), off(date(2026, 1, 5), swap_with=FRIDAY)],
            [
                "Ngày 02/01/2026 và ngày 05/01/2026 hoán đổi cho nhau nên phải có một ngày nghỉ, một ngày làm;"
                " hãy sửa lại."
            ],
            id="swap-of-two-days-off",
        ),
        pytest.param(
            [off(FRIDAY, swap_with=SATURDAY, active=False), work(SATURDAY, swap_with=FRIDAY)],
            ["Ngày 02/01/2026 và ngày 10/01/2026 hoán đổi cho nhau nên phải cùng bật hoặc cùng tắt; hãy sửa lại."],
            id="swap-half-switched-off",
        ),
        pytest.param(
            [off(SUNDAY, swap_with=SATURDAY), work(SATURDAY, swap_with=SUNDAY)],
            ["Ngày 11/01/2026 là Chủ nhật, vốn là ngày nghỉ hằng tuần, nên không hoán đổi được; hãy kiểm tra ngày."],
            id="swap-of-a-sunday",
        ),
        pytest.param(
            [off(FRIDAY, swap_with=date(2026, 1, 9)), work(date(2026, 1, 9), swap_with=FRIDAY)],
            ["Ngày 09/01/2026 là Thứ Sáu, vốn là ngày làm việc, nên không hoán đổi được; hãy kiểm tra ngày."],
            id="swap-with-a-weekday",
        ),
        pytest.param(
            [replace(off(FRIDAY), active=False)],
            ["Ngày 02/01/2026 đang tắt nhưng không phải ngày bật tắt được; hãy cho phép bật tắt hoặc bỏ dòng này."],
            id="off-switch-without-switch",
        ),
        pytest.param(
            [replace(off(FRIDAY), name=" ", basis="")],
            [
                "Ngày 02/01/2026 chưa có tên; hãy ghi tên ngày nghỉ hoặc lý do làm bù.",
                "Ngày 02/01/2026 chưa có căn cứ; hãy ghi số, ký hiệu của văn bản.",
            ],
            id="nameless",
        ),
        pytest.param(
            [off(date(2126, 1, 1))],
            ["Ngày 01/01/2126 nằm ngoài lịch; hãy ghi năm từ 1900 đến 2100."],
            id="outside",
        ),
    ],
)
def test_contradiction_is_refused(days: list[ListedDay], reasons: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        calendar_of(*days)

    assert list(refused.value.reasons) == reasons


def test_sound_swap_and_switch_are_accepted() -> None:
    swap = off(FRIDAY, swap_with=SATURDAY), work(SATURDAY, swap_with=FRIDAY)

    calendar = calendar_of(*swap, off(CULTURE_DAY, active=False))

    assert [calendar.works_on(day) for day in (FRIDAY, SATURDAY, CULTURE_DAY)] == [False, True, True]


def test_year_confirmed_without_a_day_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        calendar_of(off(FRIDAY), confirmed=[2026, 2035])

    assert refused.value.reasons == (
        "Năm 2035 ghi đã xác nhận nhưng lịch không có ngày nào của năm đó; hãy nhập các ngày nghỉ trước.",
    )


def test_all_contradictions_are_told_at_once() -> None:
    with pytest.raises(Refused) as refused:
        calendar_of(off(FRIDAY), off(FRIDAY), off(SATURDAY), work(SATURDAY))

    assert len(refused.value.reasons) == 2


def test_half_of_a_swap_is_refused_as_a_change_too() -> None:
    calendar = calendar_of(off(FRIDAY, swap_with=SATURDAY), work(SATURDAY, swap_with=FRIDAY))

    with pytest.raises(Refused) as refused:
        calendar.changed(off(FRIDAY), version=2)
    moved = calendar.changed(off(FRIDAY), work(SATURDAY), version=2)

    assert refused.value.reasons == (
        "Ngày 10/01/2026 hoán đổi với ngày 02/01/2026 nhưng ngày 02/01/2026 không ghi lại như vậy; hãy sửa cho khớp.",
    )
    assert [listed.swap_with for listed in moved.days] == [None, None]
