"""Tables whose columns stand in line, whatever marks the letters carry."""

import unicodedata

import pytest

from cli.output import Column, day, minute, print_table, shown, trieu, width


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_marks_take_no_room(form: str) -> None:
    assert width(unicodedata.normalize(form, "Nghiệm thu đạt")) == 14  # type: ignore[arg-type]


def test_columns_stand_in_line(capsys: pytest.CaptureFixture[str]) -> None:
    rows: list[list[object]] = [["Nghiệm thu", 1_234_567], [unicodedata.normalize("NFD", "Đề nghị"), None]]

    print_table([Column("Bước"), Column("Đồng", right=True)], rows)

    printed = [unicodedata.normalize("NFC", line) for line in capsys.readouterr().out.splitlines()]
    assert printed == [
        "Bước             Đồng",
        "──────────  ─────────",
        "Nghiệm thu  1.234.567",
        "Đề nghị             –",
    ]


def test_a_narrow_terminal_cuts_only_flexible_columns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)

    print_table([Column("Mã"), Column("Tên", flexible=True)], [["KC-VL-2024-001", "Hỗ trợ ứng dụng máy móc thiết bị"]])

    lines = capsys.readouterr().out.splitlines()
    assert max(map(width, lines)) == 40
    assert lines[-1].startswith("KC-VL-2024-001  Hỗ trợ")
    assert lines[-1].endswith("…")


def test_values_are_shown_as_the_office_writes_them() -> None:
    assert [shown(value) for value in (None, "", True, 1_000, "chữ")] == ["–", "–", "có", "1.000", "chữ"]
    assert (trieu(1_500_000), trieu(250_000_000)) == ("1,5", "250")
    assert (day("2024-06-03"), day("2024-06-02T18:00:00.000000Z"), day(None)) == ("03/06/2024", "03/06/2024", None)
    assert minute("2024-06-02T18:05:00.000000Z") == "03/06/2024 01:05"
