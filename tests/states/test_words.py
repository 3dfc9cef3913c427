"""Spelling and printing of amounts, numbers and dates."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from states.words import (
    amount_in_words,
    amount_in_words_dong,
    format_date,
    format_date_long,
    format_dong,
    format_number,
    format_trieu,
    whole_percent,
)

SPELLED = {
    0: "không",
    1: "một",
    5: "năm",
    10: "mười",
    11: "mười một",
    14: "mười bốn",
    15: "mười lăm",
    20: "hai mươi",
    21: "hai mươi mốt",
    24: "hai mươi bốn",
    25: "hai mươi lăm",
    55: "năm mươi lăm",
    91: "chín mươi mốt",
    100: "một trăm",
    101: "một trăm linh một",
    105: "một trăm linh năm",
    110: "một trăm mười",
    111: "một trăm mười một",
    115: "một trăm mười lăm",
    121: "một trăm hai mươi mốt",
    555: "năm trăm năm mươi lăm",
    1_000: "một nghìn",
    1_001: "một nghìn không trăm linh một",
    1_005: "một nghìn không trăm linh năm",
    1_010: "một nghìn không trăm mười",
    1_015: "một nghìn không trăm mười lăm",
    1_500: "một nghìn năm trăm",
    21_000: "hai mươi mốt nghìn",
    105_000: "một trăm linh năm nghìn",
    1_000_000: "một triệu",
    1_000_005: "một triệu không trăm linh năm",
    1_005_000: "một triệu không trăm linh năm nghìn",
    1_020_300: "một triệu không trăm hai mươi nghìn ba trăm",
    56_250_000: "năm mươi sáu triệu hai trăm năm mươi nghìn",
    586_000_000: "năm trăm tám mươi sáu triệu",
    1_000_000_000: "một tỷ",
    1_001_000_000: "một tỷ không trăm linh một triệu",
    74_975_000_000: "bảy mươi bốn tỷ chín trăm bảy mươi lăm triệu",
    1_234_567_890_123: (
        "một nghìn hai trăm ba mươi bốn tỷ năm trăm sáu mươi bảy triệu tám trăm chín mươi nghìn một trăm hai mươi ba"
    ),
    2_000_000_000_000: "hai nghìn tỷ",
    3_000_000_000_000_000: "ba triệu tỷ",
    10**18: "một tỷ tỷ",
    10**18 + 5: "một tỷ tỷ không trăm linh năm",
    10**18 + 5 * 10**9: "một tỷ không trăm linh năm tỷ",
    2**63 - 1: (
        "chín tỷ hai trăm hai mươi ba triệu ba trăm bảy mươi hai nghìn không trăm ba mươi sáu tỷ"
        " tám trăm năm mươi bốn triệu bảy trăm bảy mươi lăm nghìn tám trăm linh bảy"
    ),
}

DIGIT_VALUES = {
    "không": 0,
    "một": 1,
    "mốt": 1,
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "năm": 5,
    "lăm": 5,
    "sáu": 6,
    "bảy": 7,
    "tám": 8,
    "chín": 9,
}


def words_to_amount(text: str) -> int:
    """Read a spelled amount back by listening word by word, without knowing how it was spelled."""
    billions = below_billion = group = digit = 0
    for word in text.split():
        if word in DIGIT_VALUES:
            digit = DIGIT_VALUES[word]
        elif word == "linh":
            digit = 0
        elif word == "trăm":
            group, digit = digit * 100, 0
        elif word == "mười":
            group, digit = group + 10, 0
        elif word == "mươi":
            group, digit = group + digit * 10, 0
        elif word in ("nghìn", "triệu"):
            below_billion += (group + digit) * (1_000 if word == "nghìn" else 1_000_000)
            group = digit = 0
        else:
            assert word == "tỷ", word
            billions = (billions + below_billion + group + digit) * 10**9
            below_billion = group = digit = 0
    return billions + below_billion + group + digit


@pytest.mark.parametrize(("amount", "words"), SPELLED.items())
def test_amount_is_spelled_as_people_read_it(amount: int, words: str) -> None:
    assert amount_in_words(amount) == words


@given(st.integers(min_value=0, max_value=2**63 - 1))
@example(10**18 + 10**9 + 1)
@example(10**9 - 1)
def test_spelled_amount_reads_back_as_the_same_amount(amount: int) -> None:
    assert words_to_amount(amount_in_words(amount)) == amount


@given(st.integers(min_value=0, max_value=10**40))
def test_spelling_has_no_upper_limit(amount: int) -> None:
    assert words_to_amount(amount_in_words(amount)) == amount


def test_negative_amount_has_no_spelling() -> None:
    with pytest.raises(ValueError, match="a negative amount has no spelling: -1"):
        amount_in_words(-1)


@pytest.mark.parametrize(
    ("amount", "line"),
    [
        (0, "Không đồng"),
        (5, "Năm đồng"),
        (56_250_000, "Năm mươi sáu triệu hai trăm năm mươi nghìn đồng"),
        (300_000_000, "Ba trăm triệu đồng"),
    ],
)
def test_line_in_words_starts_with_a_capital_and_ends_with_dong(amount: int, line: str) -> None:
    assert amount_in_words_dong(amount) == line


@pytest.mark.parametrize(
    ("number", "printed"),
    [
        (0, "0"),
        (999, "999"),
        (1_000, "1.000"),
        (1_234_567, "1.234.567"),
        (-1_234, "-1.234"),
        (2**63 - 1, "9.223.372.036.854.775.807"),
    ],
)
def test_number_is_printed_in_groups_of_three(number: int, printed: str) -> None:
    assert format_number(number) == printed


@pytest.mark.parametrize(
    ("amount", "printed"), [(0, "0 đồng"), (1_234_567, "1.234.567 đồng"), (-20_000, "-20.000 đồng")]
)
def test_amount_is_printed_in_dong(amount: int, printed: str) -> None:
    assert format_dong(amount) == printed


@pytest.mark.parametrize(
    ("amount", "printed"),
    [
        (0, "0 triệu đồng"),
        (1, "0,000001 triệu đồng"),
        (500_000, "0,5 triệu đồng"),
        (56_250_000, "56,25 triệu đồng"),
        (100_000_000, "100 triệu đồng"),
        (74_975_000_000, "74.975 triệu đồng"),
        (1_234_567_890, "1.234,56789 triệu đồng"),
        (-56_250_000, "-56,25 triệu đồng"),
        (-1, "-0,000001 triệu đồng"),
    ],
)
def test_amount_in_trieu_is_exact(amount: int, printed: str) -> None:
    assert format_trieu(amount) == printed


@given(st.integers(min_value=-(2**63), max_value=2**63 - 1))
def test_amount_in_trieu_loses_no_dong(amount: int) -> None:
    figures = format_trieu(amount).removesuffix(" triệu đồng").replace(".", "")

    whole, _, decimals = figures.partition(",")

    assert int(whole + decimals.ljust(6, "0")) == amount


def test_dates_are_printed_short_and_long() -> None:
    day = date(2026, 8, 5)

    assert format_date(day) == "05/08/2026"
    assert format_date_long(day) == "ngày 05 tháng 08 năm 2026"
    assert format_date(date(2025, 12, 31)) == "31/12/2025"
    assert format_date_long(date(2025, 12, 31)) == "ngày 31 tháng 12 năm 2025"


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(0, 3, 0), (1, 3, 33), (2, 3, 67), (1, 200, 1), (199, 200, 99), (999, 1000, 99), (3, 3, 100), (4, 3, 133)],
)
def test_a_percent_is_rounded_and_reaches_a_hundred_only_with_the_whole(part: int, whole: int, percent: int) -> None:
    assert whole_percent(part, whole) == percent
