"""What Zalo calls a person, and in which form each of its services wants it.

Written from public documents; not tried against the live service.
"""

import re

from notifications.message import BadMessage, one_line

# The documents show twenty hexadecimal digits and promise nothing.
_CHAT = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9._-]{6,62}[A-Za-z0-9]", re.ASCII)
_OA_USER = re.compile(r"[0-9]{15,20}")
_MOBILE = re.compile(r"84[35789][0-9]{8}")


def chat_id(value: str, label: str) -> str:
    """Check the id of a chat with our bot; raises BadMessage."""
    chat = one_line(value, label)
    if not _CHAT.fullmatch(chat):
        raise BadMessage(f"{label} không phải mã hội thoại Zalo Bot; hãy liên kết lại bằng mã một lần.")
    return chat


def oa_user_id(value: str, label: str) -> str:
    """Check the id by which an Official Account knows a follower (15 to 20 digits); raises BadMessage."""
    user = one_line(value, label)
    if not _OA_USER.fullmatch(user):
        raise BadMessage(f"{label} không phải mã người dùng Zalo OA (15 đến 20 chữ số); hãy kiểm tra lại.")
    return user


def phone_number(value: str, label: str) -> str:
    """Read a Vietnamese mobile number, however it is written, as 84 and nine digits; raises BadMessage."""
    digits = re.sub(r"[\s.()-]", "", one_line(value, label)).removeprefix("+")
    if digits.startswith("0"):
        digits = f"84{digits[1:]}"
    if not _MOBILE.fullmatch(digits):
        raise BadMessage(f"{label} không phải số điện thoại di động Việt Nam (dạng 84901234567); hãy sửa lại.")
    return digits
