"""Reading a calendar file: what is taken as it stands, and what is refused with a sentence."""

from datetime import date
from pathlib import Path

import pytest

from models.calendar_file import read_calendar_file
from states.listed_days import DayKind, ListedDay
from states.refusal import Refused

HEAD = """
schema_version: 1
version: 3
jurisdiction: VN
weekend: {weekdays: [6, 7], basis: "Quyết định 188/1999/QĐ-TTg Điều 1", verified: true}
bases: {notice: "Thông báo 9441/TB-BNV"}
years:
"""
YEAR = """
  - year: 2026
    confirmed: true
    days_off:
      - {date: 2026-01-01, name: "Tết Dương lịch", basis: notice}
      - {date: 2026-01-02, name: "Nghỉ hoán đổi", basis: notice, swap_with: 2026-01-10}
      - {date: 2026-11-24, name: "Ngày Văn hóa", basis: notice, verified: false, switchable: true, active: false}
    working_days:
      - {date: 2026-01-10, name: "Làm bù", basis: notice, swap_with: 2026-01-02}
"""
SEE = "hãy xem phần ghi chú đầu tệp mẫu rồi sửa lại."


def reasons_for(folder: Path, text: str) -> tuple[str, ...]:
    path = folder / "lich.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        read_calendar_file(path)
    return refused.value.reasons


def test_file_becomes_the_calendar_it_describes(tmp_path: Path) -> None:
    path = tmp_path / "lich.yaml"
    path.write_text(HEAD + YEAR, encoding="utf-8")

    calendar = read_calendar_file(path)

    assert (calendar.jurisdiction, calendar.version, set(calendar.confirmed_years)) == ("VN", 3, {2026})
    assert calendar.listed(date(2026, 1, 10)) == ListedDay(
        day=date(2026, 1, 10),
        kind=DayKind.WORK,
        name="Làm bù",
        basis="Thông báo 9441/TB-BNV",
        verified=True,
        swap_with=date(2026, 1, 2),
    )
    assert calendar.listed(date(2026, 11, 24)) == ListedDay(
        day=date(2026, 11, 24),
        kind=DayKind.OFF,
        name="Ngày Văn hóa",
        basis="Thông báo 9441/TB-BNV",
        verified=False,
        switchable=True,
        active=False,
    )


def test_days_of_an_unconfirmed_year_are_unverified(tmp_path: Path) -> None:
    path = tmp_path / "lich.yaml"
    path.write_text(HEAD + YEAR.replace("confirmed: true", "confirmed: false"), encoding="utf-8")

    calendar = read_calendar_file(path)

    assert {listed.verified for listed in calendar.days} == {False}
    assert calendar.confirmed_years == frozenset()


@pytest.mark.parametrize(
    ("wrong", "right", "reasons"),
    [
        pytest.param(
            "2026-01-01, name",
            "2026-01-10, name",
            (
                "Ngày 10/01/2026 vừa là ngày nghỉ (“Tết Dương lịch”) vừa là ngày làm việc (“Làm bù”);"
                " hãy chỉ giữ dòng đúng với văn bản.",
                "Ngày 02/01/2026 hoán đổi với ngày 10/01/2026 nhưng ngày 10/01/2026 không ghi lại như vậy;"
                " hãy sửa cho khớp.",
            ),
            id="off-and-work",
        ),
        pytest.param(
            "2026-11-24, name",
            "2026-01-01, name",
            (
                "Ngày 01/01/2026 được ghi là ngày nghỉ hai lần (“Tết Dương lịch” và “Ngày Văn hóa”);"
                " hãy chỉ giữ một dòng.",
            ),
            id="off-twice",
        ),
        pytest.param(
            ", swap_with: 2026-01-02",
            "",
            (
                "Ngày 02/01/2026 hoán đổi với ngày 10/01/2026 nhưng ngày 10/01/2026 không ghi lại như vậy;"
                " hãy sửa cho khớp.",
            ),
            id="swap-without-its-partner",
        ),
        pytest.param(
            "2026-01-01, name",
            "2025-01-01, name",
            ("Ngày 01/01/2025 nằm trong năm 2026 của tệp lịch; hãy chuyển về năm 2025.",),
            id="wrong-year",
        ),
        pytest.param(
            "basis: notice}",
            "basis: law}",
            ("Ngày 01/01/2026 dẫn căn cứ “law” chưa có ở mục bases; hãy thêm văn bản đó.",),
            id="unnamed-basis",
        ),
        pytest.param(
            "confirmed: true",
            'confirmed: "yes"',
            (f"Tệp lịch lich.yaml, mục years.0.confirmed phải là true hoặc false; {SEE}",),
            id="not-a-boolean",
        ),
        pytest.param(
            'name: "Tết Dương lịch", ',
            "",
            (f"Tệp lịch lich.yaml, mục years.0.days_off.0.name còn thiếu; {SEE}",),
            id="nameless",
        ),
        pytest.param(
            '"Tết Dương lịch"',
            '" "',
            (f"Tệp lịch lich.yaml, mục years.0.days_off.0.name không được để trống; {SEE}",),
            id="blank-name",
        ),
        pytest.param(
            "active: false",
            "actve: false",
            (f"Tệp lịch lich.yaml, mục years.0.days_off.2.actve không có trong mẫu; {SEE}",),
            id="misspelt",
        ),
        pytest.param(
            "[6, 7]",
            "[0, 8]",
            (
                f"Tệp lịch lich.yaml, mục weekend.weekdays.0 không đúng dạng; {SEE}",
                f"Tệp lịch lich.yaml, mục weekend.weekdays.1 không đúng dạng; {SEE}",
            ),
            id="weekday",
        ),
        pytest.param(
            "2026-01-01, name",
            "2026-02-30, name",
            ("Tệp lịch lich.yaml có một ngày không có thật (ví dụ 30/02); hãy sửa rồi nạp lại.",),
            id="no-such-day",
        ),
    ],
)
def test_wrong_file_is_refused_with_a_sentence(
    tmp_path: Path, wrong: str, right: str, reasons: tuple[str, ...]
) -> None:
    text = HEAD + YEAR
    assert wrong in text

    assert reasons_for(tmp_path, text.replace(wrong, right, 1)) == reasons


def test_year_written_twice_is_refused(tmp_path: Path) -> None:
    assert reasons_for(tmp_path, HEAD + YEAR + "  - {year: 2026, confirmed: true}\n") == (
        "Năm 2026 được ghi hai lần trong tệp lịch; hãy gộp thành một năm.",
    )


def test_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_bytes("Lễ".encode("utf-16"))

    assert reasons_for(tmp_path, "years: [") == (
        "Tệp lịch lich.yaml không đúng cú pháp YAML (dòng 1); hãy sửa rồi nạp lại.",
    )
    assert reasons_for(tmp_path, "") == (f"Tệp lịch lich.yaml không đúng dạng; {SEE}",)
    for name in ("old.yaml", "absent.yaml"):
        with pytest.raises(Refused) as refused:
            read_calendar_file(tmp_path / name)
        assert refused.value.reasons == (f"Tệp lịch {name} không mở được; hãy kiểm tra đường dẫn và bảng mã UTF-8.",)
