"""What people type is read in one way, or refused with a sentence that says what to type."""

import unicodedata
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.reading import read_amount, read_code, read_date, read_id, read_pair, read_quantity
from states.refusal import Refused
from states.words import format_date, format_date_long, format_dong, format_number

LARGEST = 2**63 - 1
AMOUNTS = st.integers(min_value=0, max_value=LARGEST)
DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31))

AMOUNT_EXAMPLES = "ví dụ 300.000.000, 300tr hoặc 1,5 tỷ"
TOO_LARGE = "quá lớn; hãy gõ số không quá 9.223.372.036.854.775.807"
NOT_WHOLE = f"có phần lẻ nhỏ hơn một đồng; hãy gõ số đồng nguyên hoặc ghi rõ đơn vị, {AMOUNT_EXAMPLES}."
FULL_DATE = "hãy gõ đủ ngày, tháng và năm bốn chữ số, ví dụ 05/08/2026 hoặc 2026-08-05."
CODE_FORM = "không đúng mẫu; hãy gõ KC-TỈNH-NĂM-SỐ, ví dụ KC-VL-2024-007."


def sentence_of(read: Callable[[str], object], text: str) -> str:
    with pytest.raises(Refused) as refused:
        read(text)
    (sentence,) = refused.value.reasons
    return str(sentence)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0", 0),
        ("300000000", 300_000_000),
        ("300.000.000", 300_000_000),
        ("300,000,000", 300_000_000),
        ("300 000 000", 300_000_000),
        ("300\u00a0000\u202f000", 300_000_000),
        ("300.000", 300_000),
        ("300.000.000,00", 300_000_000),
        ("300,000,000.00", 300_000_000),
        ("  300.000.000 đ ", 300_000_000),
        ("300.000.000đ", 300_000_000),
        ("300.000.000 đồng", 300_000_000),
        (unicodedata.normalize("NFD", "300.000.000 Đồng"), 300_000_000),
        ("300000000 VND", 300_000_000),
        ("300000000 vnđ", 300_000_000),
        ("300.000.000 ₫", 300_000_000),
        ("300tr", 300_000_000),
        ("300 TR", 300_000_000),
        ("300tr.", 300_000_000),
        ("300trđ", 300_000_000),
        ("300 tr.đ", 300_000_000),
        ("300 triệu", 300_000_000),
        ("300 trieu dong", 300_000_000),
        (unicodedata.normalize("NFD", "300\u00a0triệu"), 300_000_000),
        ("56,25 triệu", 56_250_000),
        ("56,250000 triệu", 56_250_000),
        ("56,250001 triệu", 56_250_001),
        ("0,125 tỷ", 125_000_000),
        ("1234,567 triệu", 1_234_567_000),
        ("74.975 triệu đồng", 74_975_000_000),
        ("1.234,5 triệu", 1_234_500_000),
        ("1,234.5 triệu", 1_234_500_000),
        ("1,5 tỷ", 1_500_000_000),
        ("1,5 tỉ", 1_500_000_000),
        ("1,5ty", 1_500_000_000),
        ("500 nghìn", 500_000),
        ("500 ngàn đồng", 500_000),
        ("500k", 500_000),
        ("9223372036854775807", LARGEST),
        ("9,223372036 tỷ", 9_223_372_036),
    ],
)
def test_amount_is_read_as_people_type_it(text: str, amount: int) -> None:
    assert read_amount(text) == amount


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("1.5tr", "1.500.000", "15.000.000"),
        ("0.5 tỷ", "500.000.000", "5.000.000.000"),
        ("1.25 tỷ", "1.250.000.000", "125.000.000.000"),
        ("1,500 triệu", "1.500.000", "1.500.000.000"),
        ("56,125 triệu", "56.125.000", "56.125.000.000"),
        ("300,000", "300", "300.000"),
        ("300.00", "300", "30.000"),
        ("300,00", "300", "30.000"),
    ],
)
def test_amount_with_two_meanings_is_refused_with_both(text: str, first: str, second: str) -> None:
    assert sentence_of(read_amount, text) == (
        f"Số tiền “{text}” có thể hiểu là {first} đồng hoặc {second} đồng; hãy gõ lại một trong hai cách viết đó."
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", f"Chưa có số tiền; hãy gõ số tiền, {AMOUNT_EXAMPLES}."),
        (" \u00a0", f"Chưa có số tiền; hãy gõ số tiền, {AMOUNT_EXAMPLES}."),
        ("-5", f"Số tiền “-5” là số âm; hãy gõ số tiền từ 0 đồng trở lên, {AMOUNT_EXAMPLES}."),
        ("\u22125tr", f"Số tiền “\u22125tr” là số âm; hãy gõ số tiền từ 0 đồng trở lên, {AMOUNT_EXAMPLES}."),
        ("300,5", f"Số tiền “300,5” {NOT_WHOLE}"),
        ("300.5", f"Số tiền “300.5” {NOT_WHOLE}"),
        ("300,500", f"Số tiền “300,500” {NOT_WHOLE}"),
        ("300.000,5", f"Số tiền “300.000,5” {NOT_WHOLE}"),
        ("1,2345678 triệu", f"Số tiền “1,2345678 triệu” {NOT_WHOLE}"),
        (
            "khoảng 500tr",
            f"Số tiền “khoảng 500tr” chưa phải con số chính xác; hãy gõ đúng số tiền, {AMOUNT_EXAMPLES}.",
        ),
        ("~500tr", f"Số tiền “~500tr” chưa phải con số chính xác; hãy gõ đúng số tiền, {AMOUNT_EXAMPLES}."),
        ("9223372036854775808", f"Số tiền “9223372036854775808” {TOO_LARGE} đồng."),
        ("9.223.372.037 tỷ", f"Số tiền “9.223.372.037 tỷ” {TOO_LARGE} đồng."),
        ("9" * 5_000, f"Số tiền “{'9' * 80}…” {TOO_LARGE} đồng."),
        ("9" * 5_000 + ",5 tr", f"Số tiền “{'9' * 80}…” {TOO_LARGE} đồng."),
    ],
)
def test_amount_that_is_none_is_refused_with_the_reason(text: str, sentence: str) -> None:
    assert sentence_of(read_amount, text) == sentence


@pytest.mark.parametrize(
    "text",
    [
        "ba trăm triệu",
        "300.",
        ".5",
        "300..000",
        "1.00.000",
        "0.300.000",
        "300.000,000.000",
        "300.000.00,5",
        "1 234.567,5 triệu",
        "1,5 000 triệu",
        "1.234 000 triệu",
        "1.234,5.6 triệu",
        "30 00",
        "300 usd",
        "300-500tr",
        "1 tỷ 200 triệu",
        "1e6",
        "+5",
        "0x10",
        "1_000",
        "12³",
        "٣٠٠",
        "3\u200b00",
        "đồng",
        "NaN",
    ],
)
def test_amount_in_no_known_form_is_refused_with_examples(text: str) -> None:
    sentence = sentence_of(read_amount, text)

    assert sentence.endswith(f"không đọc được; hãy gõ số tiền, {AMOUNT_EXAMPLES}.")


@given(AMOUNTS)
def test_printed_amount_reads_back_as_the_same_amount(amount: int) -> None:
    assert read_amount(format_dong(amount)) == amount
    assert read_amount(format_number(amount)) == amount
    assert read_amount(str(amount)) == amount
    assert read_amount(unicodedata.normalize("NFD", format_dong(amount))) == amount


@given(st.text() | st.text(alphabet="0123456789., -trtỷđkVND"))
def test_any_typed_amount_is_an_amount_or_a_refusal(text: str) -> None:
    try:
        amount = read_amount(text)
    except Refused:
        return

    assert 0 <= amount <= LARGEST


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-08-05", date(2026, 8, 5)),
        ("2026-8-5", date(2026, 8, 5)),
        ("2026/08/05", date(2026, 8, 5)),
        ("5/8/2026", date(2026, 8, 5)),
        ("05/08/2026", date(2026, 8, 5)),
        ("05-08-2026", date(2026, 8, 5)),
        ("5.8.2026", date(2026, 8, 5)),
        (" 5 / 8 / 2026 ", date(2026, 8, 5)),
        ("5\u20138\u20132026", date(2026, 8, 5)),
        ("ngày 5 tháng 8 năm 2026", date(2026, 8, 5)),
        (unicodedata.normalize("NFD", "Ngày 05 tháng 08 năm 2026"), date(2026, 8, 5)),
        ("5 thang 8 nam 2026", date(2026, 8, 5)),
        ("29/02/2024", date(2024, 2, 29)),
    ],
)
def test_date_is_read_as_people_type_it(text: str, day: date) -> None:
    assert read_date(text) == day


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", f"Chưa có ngày tháng; {FULL_DATE}"),
        ("5/8/26", f"Năm trong ngày “5/8/26” chưa đủ bốn chữ số; {FULL_DATE}"),
        ("26-08-05", f"Năm trong ngày “26-08-05” chưa đủ bốn chữ số; {FULL_DATE}"),
        ("ngày 5 tháng 8 năm 26", f"Năm trong ngày “ngày 5 tháng 8 năm 26” chưa đủ bốn chữ số; {FULL_DATE}"),
        ("5/8", f"Không đọc được ngày “5/8”; {FULL_DATE}"),
        ("5/8-2026", f"Không đọc được ngày “5/8-2026”; {FULL_DATE}"),
        ("hôm nay", f"Không đọc được ngày “hôm nay”; {FULL_DATE}"),
        ("٥/٨/2026", f"Không đọc được ngày “٥/٨/2026”; {FULL_DATE}"),
        ("31/02/2026", "Ngày “31/02/2026” không có trong lịch; hãy gõ từ 01/02/2026 đến 28/02/2026."),
        ("29/02/2100", "Ngày “29/02/2100” không có trong lịch; hãy gõ từ 01/02/2100 đến 28/02/2100."),
        ("0/1/2026", "Ngày “0/1/2026” không có trong lịch; hãy gõ từ 01/01/2026 đến 31/01/2026."),
        (
            "5/0/2026",
            "Ngày “5/0/2026” có tháng 0; hãy gõ ngày trước, tháng sau (từ 1 đến 12), ví dụ 05/08/2026.",
        ),
        (
            "08/13/2026",
            "Ngày “08/13/2026” có tháng 13; hãy gõ ngày trước, tháng sau (từ 1 đến 12), ví dụ 05/08/2026.",
        ),
        ("5/8/0206", "Ngày “5/8/0206” có năm 206; hãy gõ lại với năm từ 1900 đến 2100."),
        ("5/8/2206", "Ngày “5/8/2206” có năm 2206; hãy gõ lại với năm từ 1900 đến 2100."),
    ],
)
def test_date_that_is_none_is_refused_with_the_reason(text: str, sentence: str) -> None:
    assert sentence_of(read_date, text) == sentence


@given(DAYS)
def test_printed_date_reads_back_as_the_same_date(day: date) -> None:
    assert read_date(format_date(day)) == day
    assert read_date(format_date_long(day)) == day
    assert read_date(day.isoformat()) == day


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("KC-VL-2024-007", "KC-VL-2024-007"),
        ("kc-vl-2024-7", "KC-VL-2024-007"),
        ("KCVL 2024 7", "KC-VL-2024-007"),
        ("kc vl 2024 007", "KC-VL-2024-007"),
        ("kcvl2024-0007", "KC-VL-2024-007"),
        ("kc\u2013vl\u20132024\u20137", "KC-VL-2024-007"),
        (" KC - VL\u00a0- 2024 - 12 ", "KC-VL-2024-012"),
        ("kc-đt-2025-123", "KC-DT-2025-123"),
        ("KC-VL-2024-1234", "KC-VL-2024-1234"),
        ("kc-vl-2024-1234567", "KC-VL-2024-1234567"),
    ],
)
def test_code_is_read_as_people_type_it(text: str, code: str) -> None:
    assert read_code(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "7",
        "KC-VL-24-7",
        "KC-VL-20247",
        "KC-VL-2024",
        "KC-VL-2024-0",
        "KC-VL-2024-12345678",
        "KC-VL-9999-7",
        "KC-V-2024-7",
        "VL-2024-7",
        "KC-VL-2024-7-1",
        "KC-VL-2024-7²",
        "KC/VL/2024/7",
    ],
)
def test_code_of_another_form_is_refused_with_an_example(text: str) -> None:
    assert sentence_of(read_code, text) == f"Mã đề án “{text}” {CODE_FORM}"


def test_missing_code_is_refused_with_an_example() -> None:
    assert sentence_of(read_code, " ") == "Chưa có mã đề án; hãy gõ mã như KC-VL-2024-007."


@given(
    st.from_regex(r"[A-Z]{2,4}", fullmatch=True),
    st.integers(min_value=1900, max_value=2100),
    st.integers(min_value=1, max_value=9_999_999),
    st.sampled_from(("-", " ", "\u2013", " - ")),
)
def test_code_reads_back_however_its_parts_are_joined(province: str, year: int, number: int, dash: str) -> None:
    typed = dash.join(("kc", province.lower(), str(year), str(number)))

    code = read_code(typed)

    assert code == f"KC-{province}-{year}-{number:03d}"
    assert read_code(code) == code


@pytest.mark.parametrize(("text", "number"), [("1", 1), (" 007 ", 7), ("9223372036854775807", LARGEST)])
def test_id_is_read(text: str, number: int) -> None:
    assert read_id(text) == number


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "1.000", "abc", "9223372036854775808", "1e3", "٣", "9" * 70, "1 2"])
def test_id_that_no_row_can_have_is_refused(text: str) -> None:
    assert sentence_of(read_id, text) == (
        f"Mã số “{text}” không hợp lệ; hãy gõ một số nguyên từ 1 đến 9223372036854775807, ví dụ 12."
    )


def test_missing_id_is_refused() -> None:
    assert sentence_of(read_id, "") == ("Chưa có mã số; hãy gõ một số nguyên từ 1 đến 9223372036854775807, ví dụ 12.")


@pytest.mark.parametrize(
    ("text", "quantity"),
    [("0", 0), ("17", 17), ("1.200", 1_200), ("1 200", 1_200), ("1,200,000", 1_200_000), ("017", 17)],
)
def test_quantity_is_read(text: str, quantity: int) -> None:
    assert read_quantity(text) == quantity


@pytest.mark.parametrize(
    ("text", "what_is_wrong"),
    [
        ("-1", "là số âm"),
        ("1,5", "không phải số nguyên"),
        ("1.5", "không phải số nguyên"),
        ("1,200", "không phải số nguyên"),
        ("abc", "không đọc được"),
        ("17 số", "không đọc được"),
        ("1.20.0", "không đọc được"),
    ],
)
def test_quantity_that_is_none_is_refused_with_the_reason(text: str, what_is_wrong: str) -> None:
    assert sentence_of(read_quantity, text) == (
        f"Số lượng “{text}” {what_is_wrong}; hãy gõ một số nguyên từ 0 trở lên, ví dụ 17 hoặc 1.200."
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Chưa có số lượng; hãy gõ một số nguyên từ 0 trở lên, ví dụ 17 hoặc 1.200."),
        ("9223372036854775808", f"Số lượng “9223372036854775808” {TOO_LARGE}."),
        ("9" * 5_000, f"Số lượng “{'9' * 80}…” {TOO_LARGE}."),
        (
            "1,000",
            "Số lượng “1,000” có thể hiểu là 1 hoặc 1.000; hãy gõ lại một trong hai cách viết đó.",
        ),
    ],
)
def test_quantity_out_of_bounds_or_with_two_meanings_is_refused(text: str, sentence: str) -> None:
    assert sentence_of(read_quantity, text) == sentence


@given(AMOUNTS)
def test_printed_quantity_reads_back_as_the_same_quantity(quantity: int) -> None:
    assert read_quantity(format_number(quantity)) == quantity


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("local_fund=300tr", ("local_fund", "300tr")),
        (" local_fund = 300 triệu ", ("local_fund", "300 triệu")),
        ("paper=a=b", ("paper", "a=b")),
        (unicodedata.normalize("NFD", "nguồn=tỉnh"), ("nguồn", "tỉnh")),
    ],
)
def test_pair_is_split_at_the_first_equals_sign(text: str, pair: tuple[str, str]) -> None:
    assert read_pair(text, "số tiền") == pair


@pytest.mark.parametrize(
    ("text", "what_is_missing"),
    [
        ("", "thiếu dấu “=”"),
        ("local_fund", "thiếu dấu “=”"),
        ("=300tr", "thiếu tên trước dấu “=”"),
        ("local_fund= ", "thiếu giá trị sau dấu “=”"),
    ],
)
def test_half_a_pair_is_refused_with_the_missing_half(text: str, what_is_missing: str) -> None:
    with pytest.raises(Refused) as refused:
        read_pair(text, "số tiền")

    assert refused.value.reasons == (f"Số tiền “{text.strip()}” {what_is_missing}; hãy gõ theo mẫu TÊN=GIÁ TRỊ.",)
