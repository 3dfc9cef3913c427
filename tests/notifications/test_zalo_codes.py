import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.zalo_codes import code_of, code_text, find_code


@given(st.integers(min_value=0, max_value=999_999))
def test_code_that_is_sent_as_written_is_found(number: int) -> None:
    assert find_code(code_text(code_of(number))) == code_of(number)


@pytest.mark.parametrize("number", [-1, 1_000_000])
def test_number_that_has_no_code_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="6 digits"):
        code_of(number)


@pytest.mark.parametrize(
    "text",
    [
        "DEAN 482913",
        "dean482913",
        "  Dean :  482 913 ",
        "Đean 482913",
        "DEAN-482-913",
        "DEAN\u00a0482913",
        "ＤＥＡＮ ４８２９１３",
        "Chào anh, mã của tôi là DEAN 482913.",
        "DEAN 482913 (DEAN 482913)",
        "482913",
        "482 913",
    ],
)
def test_code_is_found_as_people_write_it(text: str) -> None:
    assert find_code(text) == "482913"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "DEAN",
        "DEAN 48291",
        "DEAN 4829134",
        "ANDEAN 482913",
        "gọi tôi số 482913",
        "0901234567",
        "DEAN 482913 hay DEAN 482914",
    ],
)
def test_what_is_no_single_code_is_none(text: str) -> None:
    assert find_code(text) is None
