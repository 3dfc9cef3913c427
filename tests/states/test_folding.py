"""Comparison and order of Vietnamese text, and what a stored line may hold."""

import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.folding import clean_line, fold, nfc, person_sort_key, quoted, sort_key
from states.refusal import Refused

DICTIONARY_ORDER = (
    "2 xã",
    "10 xã",
    "a",
    "à",
    "ả",
    "ã",
    "á",
    "ạ",
    "ác",
    "ai",
    "an",
    "an toàn",
    "an ủi",
    "án",
    "ao",
    "ắc quy",
    "ăn",
    "ăn uống",
    "ắt",
    "âm",
    "ấm",
    "ân",
    "ba",
    "ba mươi",
    "bà",
    "bả",
    "bã",
    "bá",
    "bạ",
    "bác",
    "ban",
    "bàn",
    "bạn",
    "băng",
    "bằng",
    "bâng khuâng",
    "bầu",
    "bè",
    "bẻ",
    "bê",
    "cả",
    "cá",
    "công nghiệp",
    "cơ khí",
    "cơm",
    "dạ",
    "dân",
    "dệt",
    "đa",
    "đá",
    "đại",
    "đảo",
    "đề án",
    "đồ gốm",
    "e",
    "em",
    "ê",
    "gạo",
    "hoa",
    "hòa",
    "hỏa",
    "họa",
    "hoan",
    "khuyến công",
    "lua",
    "lúa",
    "lụa",
    "lưa thưa",
    "lứa",
    "ma",
    "mà",
    "mả",
    "mã",
    "má",
    "mạ",
    "mo",
    "mô",
    "mơ",
    "oan",
    "ô",
    "ơ",
    "tu",
    "từ",
    "tỷ",
    "u",
    "ư",
    "vàng",
    "xay",
    "xây",
    "y",
)

VIETNAMESE = st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxy ÀẢÃÁẠẮẰẾỀỘỢỮỰĐ0123456789-")
Form = Literal["NFC", "NFD", "NFKC", "NFKD"]
EVERY_FORM: st.SearchStrategy[Form] = st.sampled_from(("NFC", "NFD", "NFKC", "NFKD"))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Thiết bị đóng gói", "thiet bi dong goi"),
        ("ĐỀ ÁN KHUYẾN CÔNG", "de an khuyen cong"),
        ("  Cù  Lao\u00a0Dài\n", "cu lao dai"),
        ("Ðồng Tháp", "dong thap"),
        ("ðồng", "dong"),
        ("\u0189ồng \u0256á", "dong da"),
        ("hoà", "hoa"),
        ("hòa", "hoa"),
        ("ươm tơ", "uom to"),
        ("đóng\u200bgói", "donggoi"),
        ("Công ty TNHH “Sao Mai” 2", "cong ty tnhh “sao mai” 2"),
        ("\uff2b\uff23", "kc"),
        ("", ""),
    ],
)
def test_fold_leaves_what_people_type_without_accents(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize("text", ["thiet bi dong goi", "THIẾT BỊ ĐÓNG GÓI", "dong goi", "bị đóng"])
def test_text_is_found_with_and_without_accents(text: str) -> None:
    stored = fold("Ứng dụng thiết bị đóng gói trong sản xuất")

    assert fold(text) in stored


def test_different_words_are_not_found() -> None:
    assert fold("thiet ke") not in fold("Ứng dụng thiết bị đóng gói")


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(VIETNAMESE, EVERY_FORM)
def test_folding_does_not_see_the_normal_form(text: str, form: Form) -> None:
    assert fold(unicodedata.normalize(form, text)) == fold(text)


@given(VIETNAMESE)
def test_vietnamese_folds_to_ascii(text: str) -> None:
    assert fold(text).isascii()


def test_nfc_makes_two_spellings_of_one_text_equal() -> None:
    typed = unicodedata.normalize("NFD", "Thiết bị")

    assert typed != "Thiết bị"
    assert nfc(typed) == "Thiết bị"


@given(st.permutations(DICTIONARY_ORDER))
def test_words_sort_as_in_a_dictionary(words: list[str]) -> None:
    assert tuple(sorted(words, key=sort_key)) == DICTIONARY_ORDER


@given(st.permutations([word.upper() for word in DICTIONARY_ORDER]), EVERY_FORM)
def test_order_ignores_case_and_normal_form(words: list[str], form: Form) -> None:
    decomposed = [unicodedata.normalize(form, word) for word in words]

    ordered = [nfc(word).lower() for word in sorted(decomposed, key=sort_key)]

    assert tuple(ordered) == DICTIONARY_ORDER


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoà", "hòa"),
        ("thuỷ", "thủy"),
        ("An Giang", "an  giang"),
        ("Cần Thơ – Hậu Giang", "Cần Thơ - Hậu Giang"),
        ("Ðồng", "Đồng"),
    ],
)
def test_spellings_of_the_same_word_sort_together(one: str, other: str) -> None:
    assert sort_key(one) == sort_key(other)


def test_numbers_inside_names_count_by_value() -> None:
    names = ["Khóm 10", "Khóm 2", "Khóm 07", "Khóm 7", "Khóm", "Khóm " + "1" * 5_000]

    ordered = sorted(names, key=sort_key)

    assert ordered == ["Khóm", "Khóm 2", "Khóm 7", "Khóm 07", "Khóm 10", "Khóm " + "1" * 5_000]


@given(st.lists(st.text()))
def test_any_text_can_be_sorted(texts: list[str]) -> None:
    keys = sorted(map(sort_key, texts))

    assert len(keys) == len(texts)


def test_people_sort_by_given_name_then_family_then_middle_name() -> None:
    people = [
        "Đặng Thị Yến",
        "Nguyễn Văn Ánh",
        "Trần Văn An",
        "Lê Thị Anh",
        "Nguyễn Thị An",
        "Nguyễn Văn An",
        "Đỗ Hữu Đức",
        "Võ Thị Dung",
        "An",
    ]

    ordered = sorted(people, key=person_sort_key)

    assert ordered == [
        "An",
        "Nguyễn Thị An",
        "Nguyễn Văn An",
        "Trần Văn An",
        "Lê Thị Anh",
        "Nguyễn Văn Ánh",
        "Võ Thị Dung",
        "Đỗ Hữu Đức",
        "Đặng Thị Yến",
    ]


def test_person_without_a_name_can_be_sorted() -> None:
    assert person_sort_key("") == ()


def test_clean_line_is_composed_and_spaced_once() -> None:
    typed = unicodedata.normalize("NFD", "  Thiết bị\u00a0 đóng gói \n")

    assert clean_line(typed, "tên đề án") == "Thiết bị đóng gói"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Tên đề án đang để trống; hãy nhập một dòng chữ."),
        (" \u00a0\n", "Tên đề án đang để trống; hãy nhập một dòng chữ."),
        ("Máy\nxay", "Tên đề án có dấu xuống dòng sau “Máy”; hãy viết trên một dòng."),
        ("Máy\u2028xay", "Tên đề án có dấu xuống dòng sau “Máy”; hãy viết trên một dòng."),
        (
            "Máy\txay",
            "Tên đề án có ký tự không in được (U+0009) sau “Máy”; hãy xóa ký tự đó rồi nhập lại.",
        ),
        (
            "\ufeffMáy",
            "Tên đề án có ký tự không in được (U+FEFF) ở đầu; hãy xóa ký tự đó rồi nhập lại.",
        ),
        (
            "Máy \u202exay",
            "Tên đề án có ký tự không in được (U+202E) sau “Máy”; hãy xóa ký tự đó rồi nhập lại.",
        ),
        (
            "Máy\udce1",
            "Tên đề án có ký tự không in được (U+DCE1) sau “Máy”; hãy xóa ký tự đó rồi nhập lại.",
        ),
    ],
)
def test_clean_line_refuses_what_a_paper_cannot_show(text: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        clean_line(text, "tên đề án")

    assert refused.value.reasons == (sentence,)


@given(st.text())
def test_accepted_line_is_accepted_again_unchanged(text: str) -> None:
    try:
        line = clean_line(text, "Ghi chú")
    except Refused:
        return

    assert clean_line(line, "Ghi chú") == line
    assert line.encode()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (" 300tr ", "“300tr”"),
        ("a\nb", "“a b”"),
        ("\x1b[31mđỏ", "“\ufffd[31mđỏ”"),
        ("a" * 81, "“" + "a" * 80 + "…”"),
        ("a" * 80, "“" + "a" * 80 + "”"),
    ],
)
def test_quoted_input_is_short_and_safe_to_print(text: str, shown: str) -> None:
    assert quoted(text) == shown


@given(st.text(alphabet=st.characters()))
def test_quoted_input_is_always_printable(text: str) -> None:
    assert quoted(text).isprintable()
