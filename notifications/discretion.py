"""Keeping addresses, passwords and tokens out of logs, sentences and exceptions."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

HIDDEN = "***"

# A password may itself contain "@" or "/", so everything up to the last "@" of the word goes.
_CREDENTIALS = re.compile(r"(?<=://)\S*@")
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+(?:@|%40)[\w-]+(?:\.[\w-]+)*")
_BOT_TOKEN = re.compile(r"\bbot\d+:[\w-]+")
# A channel of Zalo is written scheme://id:secret?parameters, without the "@" by which credentials are known.
_ZALO_URL = re.compile(r"\b(zalo(?:bot|oa|zns)://)\S+", re.IGNORECASE)
# Vietnamese mobile numbers; amounts are printed with points and do not begin with 0.
_PHONE = re.compile(r"(?<![\w.,])(?:\+?84|0)[35789]\d{8}(?!\w)")
_NAMED_SECRET = re.compile(
    r"(?i)\b(access_token|refresh_token|secret_key|password|passwd|pass|token)(['\"]?\s*[=:]\s*['\"]?)[^\s'\"&,;}]+"
)

# These libraries speak about URLs and recipients in their own log lines.
_TALKATIVE = ("apprise", "urllib3", "urllib3.connectionpool", "requests")


def discreet(text: str, *secrets: str) -> str:
    """Hide addresses, credentials and tokens by their form, and the given secrets wherever they stand alone.

    A secret is matched whole and without regard to case, so that a mailbox named "an" does not tear the
    other words of the text apart.
    """
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", HIDDEN, text, flags=re.IGNORECASE)
    text = _ZALO_URL.sub(rf"\1{HIDDEN}", text)
    # A mark that no address can contain, or the stars and the host behind them would look like one.
    text = _CREDENTIALS.sub("\0@", text)
    text = _ADDRESS.sub(HIDDEN, text).replace("\0", HIDDEN)
    text = _BOT_TOKEN.sub(f"bot{HIDDEN}", text)
    text = _PHONE.sub(HIDDEN, text)
    return _NAMED_SECRET.sub(rf"\1\2{HIDDEN}", text)


_UNSPOKEN: ContextVar[bool] = ContextVar("notifications_unspoken", default=False)


class DiscreetFilter(logging.Filter):
    """Rewrite log records so that they can be read by anyone; doors hang it on their handlers."""

    def filter(self, record: logging.LogRecord) -> bool:
        if _UNSPOKEN.get():
            return False
        spoken = record.getMessage()
        hushed = discreet(spoken)
        if hushed != spoken:
            record.msg, record.args = hushed, None
        if record.exc_info:
            # The traceback is written out now: a handler that formats exc_info itself would undo the hiding.
            traceback = logging.Formatter().formatException(record.exc_info)
            record.exc_text, record.exc_info = discreet(traceback), None
        return True


_FILTER = DiscreetFilter()


def quiet_libraries() -> None:
    """Hang the filter on the loggers of the libraries that carry our messages; harmless when repeated."""
    for name in _TALKATIVE:
        # A filter on a parent logger does not see the records of its children, so each is named.
        logging.getLogger(name).addFilter(_FILTER)
    # Below INFO it prints every request line, and some providers put the token there.
    requests_log = logging.getLogger("urllib3")
    if requests_log.level < logging.INFO:
        requests_log.setLevel(logging.INFO)


@contextmanager
def silenced() -> Iterator[None]:
    """Drop what these libraries would log meanwhile: their own plug-ins write URL and text in any form."""
    quiet_libraries()
    token = _UNSPOKEN.set(True)
    try:
        yield
    finally:
        _UNSPOKEN.reset(token)
