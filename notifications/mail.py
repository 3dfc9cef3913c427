"""A message as an e-mail (RFC 5322, MIME), written so that the same message always gives the same bytes."""

import re
from base64 import b64encode
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from notifications.message import Attachment, Message, message_id

# 7bit: not every server between here and the reader says 8BITMIME.
_POLICY = SMTP.clone(cte_type="7bit")

# 39 octets give 52 base64 characters, so "Subject: " and one encoded word stay within the 76 of RFC 2047.
_WORD_OCTETS = 39
_PLAIN_CHARACTERS = 60


def build(message: Message, *, sender_name: str, sender_address: str) -> bytes:
    """Write the mail: text, the HTML twin, attachments under their own names, and the headers of a notice.

    The head is written here and not by EmailMessage: the folding of Python 3.11 swallows spaces between
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
    return lines.encode("ascii") + _content(message).as_bytes()


def _is_one_click(message: Message) -> bool:
    return (message.unsubscribe or "").startswith("https://")


def _content(message: Message) -> EmailMessage:
    content = EmailMessage(policy=_POLICY)
    content.set_content(message.text)
    if message.html is not None:
        content.make_alternative(boundary=_boundary(message, "alternative"))
        content.add_alternative(message.html, subtype="html")
    if message.attachments:
        content.make_mixed(boundary=_boundary(message, "mixed"))
        for attachment in message.attachments:
            _attach(content, attachment)
    return content


def _attach(content: EmailMessage, attachment: Attachment) -> None:
    media_type, *parameters = re.split(r"; ?", attachment.media_type)
    maintype, _, subtype = media_type.partition("/")
    content.add_attachment(
        attachment.content,
        maintype=maintype,
        subtype=subtype,
        filename=attachment.name,
        params={name: value for name, _, value in (parameter.partition("=") for parameter in parameters)},
    )


def _boundary(message: Message, part: str) -> str:
    """Name a boundary after the message: a random one would make every hand-over a different mail.

    "=_" can stand neither in base64 nor in quoted-printable text.
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
