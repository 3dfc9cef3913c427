"""A message as an e-mail (RFC 5322, MIME), written so that the same message always gives the same bytes."""

import re
from base64 import b64encode
from binascii import b2a_base64
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256
from urllib.parse import quote

from notifications.message import Attachment, Message, message_id

# 39 octets give 52 base64 characters, so "Subject: " and one encoded word stay within the 76 of RFC 2047.
_WORD_OCTETS = 39
_PLAIN_CHARACTERS = 60

# RFC 2045 6.8: a line of base64. All is 7 bit, as not every server between here and the reader says 8BITMIME.
_LINE = 76


def build(message: Message, *, sender_name: str, sender_address: str) -> bytes:
    """Write the mail: text, the HTML twin, attachments under their own names, and the headers of a notice.

    Nothing here is left to EmailMessage. As to the head, the folding of Python 3.11 swallows spaces between
    encoded words (one long Vietnamese subject in ten arrived with two words glued together) and decodes
    what merely looks like an encoded word.
    """
    head = {
        "From": _mailbox(sender_name, sender_address),
        "To": _mailbox(message.to_name, message.to_address),
        "Subject": _unstructured(message.subject),
        "Date": format_datetime(message.created_at),
        "Message-ID": message_id(message.key, sender_address),
        "References": "\r\n ".join(message_id(key, sender_address) for key in message.references),
        "List-Unsubscribe": "" if message.unsubscribe is None else f"<{message.unsubscribe}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" if _is_one_click(message) else "",
        # RFC 3834: keeps holiday answers away; Exchange looks only at its own header.
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items() if value)
    return lines.encode("ascii") + _content(message)


def _is_one_click(message: Message) -> bool:
    return (message.unsubscribe or "").startswith("https://")


def _content(message: Message) -> bytes:
    """Write the body with its own headers, every part in base64.

    By hand, because EmailMessage takes four times as long: it weighs quoted-printable against base64 and walks
    through each letter of an HTML page for it. Base64 is also the shorter one of the two for Vietnamese.
    """
    body = _text("plain", message.text)
    if message.html is not None:
        body = _multipart(message, "alternative", [body, _text("html", message.html)])
    if message.attachments:
        body = _multipart(message, "mixed", [body, *map(_attached, message.attachments)])
    return b"MIME-Version: 1.0\r\n" + body


def _text(subtype: str, text: str) -> bytes:
    # RFC 2046 4.1.1: lines of text end with CRLF before they are encoded.
    return _part([f'Content-Type: text/{subtype}; charset="utf-8"'], text.replace("\n", "\r\n").encode())


def _attached(attachment: Attachment) -> bytes:
    media_type, *parameters = re.split(r"; ?", attachment.media_type)
    named = "".join(f'; {name}="{value}"' for name, _, value in (each.partition("=") for each in parameters))
    head = [f"Content-Type: {media_type}{named}", f"Content-Disposition: attachment;{_file_name(attachment.name)}"]
    return _part(head, attachment.content)


def _part(head: list[str], content: bytes) -> bytes:
    encoded = b2a_base64(content, newline=False)
    lines = [encoded[place : place + _LINE] for place in range(0, len(encoded), _LINE)]
    opening = "".join(f"{line}\r\n" for line in [*head, "Content-Transfer-Encoding: base64", ""])
    return b"".join((opening.encode("ascii"), b"\r\n".join(lines), b"\r\n"))


def _multipart(message: Message, subtype: str, parts: list[bytes]) -> bytes:
    boundary = _boundary(message, subtype)
    between = f"--{boundary}\r\n".encode()
    head = f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"\r\n\r\n'.encode()
    return b"".join((head, *(piece for part in parts for piece in (between, part)), f"--{boundary}--\r\n".encode()))


@lru_cache(maxsize=64)
def _file_name(name: str) -> str:
    """Write a file name as a parameter (RFC 2231), in pieces where it is long, none cut inside a character."""
    if name.isascii() and len(name) <= _PLAIN_CHARACTERS:
        return f'\r\n filename="{name}"'
    pieces = [""]
    for character in name:
        coded = quote(character, safe="")
        if len(pieces[-1]) + len(coded) > _PLAIN_CHARACTERS:
            pieces.append("")
        pieces[-1] += coded
    if len(pieces) == 1:
        return f"\r\n filename*=utf-8''{pieces[0]}"
    numbered = (f"\r\n filename*{place}*={piece}" for place, piece in enumerate([f"utf-8''{pieces[0]}", *pieces[1:]]))
    return ";".join(numbered)


def _boundary(message: Message, part: str) -> str:
    """Name a boundary after the message: a random one would make every hand-over a different mail.

    "=_" cannot stand in base64 text.
    """
    return f"=_{sha256(f'{part} {message.key}'.encode()).hexdigest()[:32]}"


def _unstructured(value: str) -> str:
    if value.isascii() and "=?" not in value and len(value) <= _PLAIN_CHARACTERS:
        return value
    return _encoded_words(value)


def _mailbox(name: str, address: str) -> str:
    if not name:
        return address
    if name.isascii() and "=?" not in name and len(name) <= _PLAIN_CHARACTERS:
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}"\r\n <{address}>'
    return f"{_encoded_words(name)}\r\n <{address}>"


def _encoded_words(value: str) -> str:
    """Write a value as RFC 2047 encoded words, one a line, none cut inside a character."""
    words = [b""]
    for character in value:
        octets = character.encode()
        if len(words[-1]) + len(octets) > _WORD_OCTETS:
            words.append(b"")
        words[-1] += octets
    return "\r\n ".join(f"=?utf-8?b?{b64encode(word).decode()}?=" for word in words)
