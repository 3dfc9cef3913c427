"""A list copied from a table is read in one way, or refused with the place of the line."""

import pytest

from states.pasting import MOST_LINES, PastedLine, pasted_lines
from states.refusal import Refused

FIRST, SECOND = "KC-VL-2026-001", "KC-VL-2026-002"


@pytest.mark.parametrize(
    "text",
    [
        f"{FIRST}\t300.000.000",
        f"{FIRST};300.000.000",
        f"{FIRST} = 300 triệu",
        f"1\t{FIRST}\tHỗ trợ máy đóng gói\t300.000.000",
        f"STT\tMã\tTổng kinh phí\tKinh phí hỗ trợ\n1\t{FIRST}\t650.000.000\t300.000.000\n\tCộng\t650.000.000",
        f"Mã đề án | Hỗ trợ\n{FIRST} | 300.000.000",
        f'"{FIRST}"\t"300.000.000"',
        "kc vl 2026 1\t300tr\n\n",
    ],
)
def test_code_and_amount_are_found_in_any_usual_table(text: str) -> None:
    assert pasted_lines(text) == [PastedLine(FIRST, 300_000_000)]


def test_codes_alone_are_a_list_too() -> None:
    assert pasted_lines(f"{FIRST}\n{SECOND}\n") == [PastedLine(FIRST), PastedLine(SECOND)]


def test_words_behind_the_amount_are_a_note() -> None:
    assert pasted_lines(f"{FIRST}\t250.000.000\tGiảm theo kết luận") == [
        PastedLine(FIRST, 250_000_000, "Giảm theo kết luận")
    ]


@pytest.mark.parametrize(
    ("printed", "amount"), [("300", 300_000_000), ("299,5", 299_500_000), ("1.250", 1_250_000_000), ("300 đồng", 300)]
)
def test_annex_in_trieu_is_read_in_trieu_unless_a_cell_says_otherwise(printed: str, amount: int) -> None:
    assert pasted_lines(f"{FIRST}\t{printed}", in_trieu=True) == [PastedLine(FIRST, amount)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Không thấy mã đề án nào"),
        ("Cộng\t300", "Không thấy mã đề án nào"),
        (f"{FIRST}\t650.000.000\t300.000.000", f"Dòng 1: {FIRST} có 2 số tiền"),
        (f"{FIRST}\n{FIRST}", f"{FIRST}: có hai dòng"),
        (f"Mã\tHỗ trợ\n{FIRST}\tba trăm", "Dòng 2: Số tiền “ba trăm” không đọc được"),
        ("\n".join([FIRST] * (MOST_LINES + 1)), f"mỗi lần dán nhiều nhất {MOST_LINES} dòng"),
    ],
)
def test_list_that_could_mean_two_things_is_refused(text: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        pasted_lines(text)

    assert said in refused.value.reasons[0]


def test_every_line_that_fails_is_named() -> None:
    with pytest.raises(Refused) as refused:
        pasted_lines(f"{FIRST}\t1.000.000\t2.000.000\n{SECOND}\t1.000.000\t2.000.000")

    assert [reason.partition(":")[0] for reason in refused.value.reasons] == ["Dòng 1", "Dòng 2"]
