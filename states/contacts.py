"""What is typed about a person: the code they sign in by, an e-mail address, a telephone number."""

import re

from states.folding import clean_line, quoted
from states.refusal import Refused

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"\+?[0-9][0-9 .-]{5,18}[0-9]")
_SHORT_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


def read_email(text: str) -> str:
    return _contact(text, "Địa chỉ thư", _EMAIL, "an@vinhlong.gov.vn")


def read_phone(text: str) -> str:
    return _contact(text, "Số điện thoại", _PHONE, "0912 345 678")


def _contact(text: str, what: str, form: re.Pattern[str], example: str) -> str:
    typed = clean_line(text, what)
    if form.fullmatch(typed):
        return typed
    raise Refused(f"{what} {quoted(text)} không đúng dạng; hãy gõ như {example}.")


def read_short_code(text: str) -> str:
    """Read a code that the office chooses itself: of a person, a unit, a fork of the plan."""
    typed = clean_line(text, "Mã")
    if _SHORT_CODE.fullmatch(typed):
        return typed
    raise Refused(f"Mã {quoted(text)} không dùng được; hãy dùng chữ không dấu, số, dấu chấm, gạch, tối đa 40 ký tự.")
