"""One message to one person, checked and normalised before any channel sees it."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

# RFC 5321 4.5.3.1: a mailbox name has at most 64 octets; a path of 256 leaves 254 for the address.
_MAX_LOCAL = 64
_MAX_ADDRESS = 254

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+{_LABEL}|localhost")
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(?:; ?[\w-]+=[\w.+-]+)*", re.ASCII)

# What providers call a person: a chat id, a user id, a phone number; the digit tells it from a bare name.
_PROVIDER_ID = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9._-]{6,62}[A-Za-z0-9]", re.ASCII)
_SLOT = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}", re.ASCII)

# Windows refuses these in a file name, and "/" would be taken for a folder.
_NOT_IN_FILE_NAMES = frozenset('\\/:*?"<>|')

# What a text of many lines may not hold: the categories Cc and Cs without tab and line feed.
_DROPPED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

# RFC 2369 sets the link in angle brackets, RFC 8058 knows one click through https only; a header line ends at 998.
_LEAVING = re.compile(r"(?:https://|mailto:)[!#-;=?-~]{1,900}", re.ASCII)

# Categories that break a line or cannot be encoded: control, surrogate, line and paragraph separator.
_BREAKING = frozenset({"Cc", "Cs", "Zl", "Zp"})


class BadMessage(ValueError):  # noqa: N818  # the name says what it is about
    """A message that no channel may carry; the argument is a Vietnamese sentence without the value itself."""


def one_line(value: str, label: str) -> str:
    """Normalise a value that will stand in a header, and refuse what could start a second header.

    Raises BadMessage. Python breaks headers at U+0085, U+2028 and U+2029 too, so these are refused.
    """
    if any(unicodedata.category(character) in _BREAKING for character in value):
        raise BadMessage(f"{label} không được chứa dấu xuống dòng hay ký tự điều khiển; hãy viết trên một dòng.")
    return unicodedata.normalize("NFC", value).strip()


def mail_address(value: str, label: str) -> str:
    """Check an address of the plain form name@domain; raises BadMessage when it is empty or malformed."""
    address = one_line(value, label)
    if not address:
        raise BadMessage(f"{label} còn trống; hãy nhập địa chỉ thư điện tử.")
    local, _, domain = address.rpartition("@")
    well_formed = _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain)
    if not well_formed or len(local) > _MAX_LOCAL or len(address) > _MAX_ADDRESS:
        raise BadMessage(
            f"{label} không đúng dạng tên@tên-miền (chữ không dấu, không khoảng trắng); hãy sửa lại địa chỉ."
        )
    return address


def recipient_address(value: str, label: str) -> str:
    """Check that a value can name a person on some channel: a mail address, or an id of a provider.

    Raises BadMessage. Which of the two a channel needs, and in which form, that channel checks itself.
    """
    address = one_line(value, label)
    return address if _PROVIDER_ID.fullmatch(address) else mail_address(address, label)


def message_id(key: str, sender_address: str) -> str:
    """Derive the Message-ID from the key, so that a message handed over twice is recognised as one."""
    digest = sha256(unicodedata.normalize("NFC", key).encode()).hexdigest()
    return f"<{digest[:32]}@{sender_address.rpartition('@')[2]}>"


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that travels with a message; its type may carry parameters (`text/calendar; method=PUBLISH`)."""

    name: str
    media_type: str
    content: bytes = field(repr=False)

    def __post_init__(self) -> None:
        name = one_line(self.name, "Tên tệp đính kèm")
        if not name or _NOT_IN_FILE_NAMES & set(name):
            raise BadMessage(
                'Tên tệp đính kèm còn trống hoặc có một trong các ký tự \\ / : * ? " < > |; hãy đổi tên tệp.'
            )
        if not _MEDIA_TYPE.fullmatch(self.media_type) or self.media_type.startswith(("multipart/", "message/")):
            raise BadMessage("Kiểu nội dung của tệp đính kèm không đúng dạng loại/kiểu, ví dụ application/pdf.")
        object.__setattr__(self, "name", name)


@dataclass(frozen=True, kw_only=True)
class Message:
    """What one person is to read, with everything a channel needs to carry it.

    `key` names the obligation behind the message and never changes between attempts; the Message-ID comes
    from it. `to_address` is a mail address or what the channel's provider calls the person (a chat id, a
    user id, a phone number). `references` are keys too: of the messages or threads this one continues.
    `text` is complete by itself (full links), `html` is the same in another form. `template_values` are
    (name, value) pairs for a channel that fills a template kept by its provider and carries no free text.
    `unsubscribe` is the https or mailto link by which the reader leaves; a POST to an https link must do it.
    `created_at` is aware and becomes the Date, so that a second hand-over is byte for byte the first. All
    text is NFC afterwards, with `\\n` line ends and one at the end. Raises BadMessage.
    """

    key: str
    to_address: str = field(repr=False)
    to_name: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str | None = field(default=None, repr=False)
    attachments: tuple[Attachment, ...] = ()
    references: tuple[str, ...] = field(default=(), repr=False)
    template_values: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    unsubscribe: str | None = field(default=None, repr=False)
    created_at: datetime

    def __post_init__(self) -> None:
        checked = {
            "key": one_line(self.key, "Khoá của thư"),
            "to_address": recipient_address(self.to_address, "Địa chỉ người nhận"),
            "to_name": one_line(self.to_name, "Tên người nhận"),
            "subject": one_line(self.subject, "Tiêu đề thư"),
            "text": _body(self.text),
            "html": None if self.html is None else _body(self.html),
            "references": tuple(one_line(key, "Khoá của thư liên quan") for key in self.references),
            "template_values": _slots(self.template_values),
            "unsubscribe": None if self.unsubscribe is None else _leaving(self.unsubscribe),
        }
        for name, label in (("key", "Khoá của thư"), ("subject", "Tiêu đề thư"), ("text", "Nội dung thư")):
            if not checked[name]:
                raise BadMessage(f"{label} còn trống; hãy điền trước khi gửi.")
        if self.created_at.utcoffset() is None:
            raise BadMessage("Thời điểm soạn thư phải có múi giờ.")
        for name, value in checked.items():
            object.__setattr__(self, name, value)


def _slots(values: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    names = [name for name, _ in values]
    if len(set(names)) != len(names) or not all(map(_SLOT.fullmatch, names)):
        raise BadMessage("Tên trường của tin theo mẫu chỉ gồm chữ không dấu, số, gạch dưới và không lặp lại.")
    return tuple((name, one_line(value, "Giá trị trong tin theo mẫu")) for name, value in values)


def _leaving(value: str) -> str:
    link = one_line(value, "Đường dẫn thôi nhận thư")
    if not _LEAVING.fullmatch(link):
        raise BadMessage("Đường dẫn thôi nhận thư phải bắt đầu bằng https:// hoặc mailto: và không có khoảng trắng.")
    return link


def _body(value: str) -> str:
    """Normalise a text of many lines.

    Control characters are dropped and not refused: they come with text pasted from Word (a vertical tab for
    a soft line break), and a reminder must not be lost because of them.
    """
    lines = value.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").replace("\f", "\n")
    whole = unicodedata.normalize("NFC", _DROPPED.sub("", lines)).strip("\n").rstrip()
    return f"{whole}\n" if whole else ""
