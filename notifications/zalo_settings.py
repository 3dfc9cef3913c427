"""How our bot and our Official Account are reached: one URL each, as it stands in the settings.

`zalobot://BOT_ID:SECRET`, `zalooa://APP_ID:SECRET_KEY` and `zalozns://APP_ID:SECRET_KEY?template=ID`, each
with `base=` (and `oauth=`) where another server stands in for Zalo. Written from public documents; not tried
against the live service.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import unquote

from notifications.outcome import BadChannel
from notifications.zalo_http import BaseUrl

_BOT_BASE = "https://bot-api.zaloplatforms.com"
_OA_BASE = "https://openapi.zalo.me"
_ZNS_BASE = "https://business.openapi.zalo.me"
_OAUTH_BASE = "https://oauth.zaloapp.com"

_DEFAULT_TIMEOUT_SECONDS = 20.0
_MAX_TIMEOUT_SECONDS = 120.0

_BOT_TOKEN = re.compile(r"[0-9]{3,25}:[A-Za-z0-9_-]{6,256}")
_APP_LOGIN = re.compile(r"(?P<app>[0-9]{5,25}):(?P<secret>[A-Za-z0-9_.~-]{6,256})")
_TEMPLATE = re.compile(r"[0-9]{1,20}")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}", re.ASCII)
_FILL = "fill."


@dataclass(frozen=True, kw_only=True)
class BotSettings:
    """A bot of the Zalo Bot Platform; its token is the only secret and does not run out."""

    token: str = field(repr=False)
    base: BaseUrl
    timeout: float = _DEFAULT_TIMEOUT_SECONDS

    @classmethod
    def from_url(cls, url: str) -> "BotSettings":
        """Read `zalobot://BOT_ID:SECRET?base=https://…&timeout=SECONDS`; raises BadChannel."""
        login, asked = _split(url, "zalobot", {"base", "timeout"})
        if not _BOT_TOKEN.fullmatch(login):
            raise BadChannel("Kênh Zalo Bot phải có dạng zalobot://TOKEN, token gồm số, dấu hai chấm và mã bí mật.")
        return cls(token=login, base=BaseUrl.parse(asked.get("base", _BOT_BASE)), timeout=_timeout(asked))


@dataclass(frozen=True, kw_only=True)
class OaSettings:
    """An Official Account that answers who wrote to it; the tokens are kept elsewhere."""

    app_id: str
    secret_key: str = field(repr=False)
    base: BaseUrl
    oauth: BaseUrl
    timeout: float = _DEFAULT_TIMEOUT_SECONDS

    @classmethod
    def from_url(cls, url: str) -> "OaSettings":
        """Read `zalooa://APP_ID:SECRET_KEY?base=…&oauth=…&timeout=SECONDS`; raises BadChannel."""
        login, asked = _split(url, "zalooa", {"base", "oauth", "timeout"})
        app, secret = _app(login, "zalooa://APP_ID:KHOÁ_BÍ_MẬT")
        base, oauth = _bases(asked, _OA_BASE)
        return cls(app_id=app, secret_key=secret, base=base, oauth=oauth, timeout=_timeout(asked))


@dataclass(frozen=True, kw_only=True)
class ZnsSettings:
    """A template the Official Account may send to phone numbers, and what fills it."""

    app_id: str
    secret_key: str = field(repr=False)
    template: str
    fills: Mapping[str, str]
    """Name in the template -> name in the message; empty: the message's own names are the template's."""
    base: BaseUrl
    oauth: BaseUrl
    timeout: float = _DEFAULT_TIMEOUT_SECONDS

    @classmethod
    def from_url(cls, url: str) -> "ZnsSettings":
        """Read `zalozns://APP_ID:SECRET_KEY?template=ID&fill.NAME=SOURCE&…`; raises BadChannel.

        SOURCE is the name of a template value of the message, or `to_name`, `subject` or `key`.
        """
        login, asked = _split(url, "zalozns", {"base", "oauth", "timeout", "template"}, prefix=_FILL)
        app, secret = _app(login, "zalozns://APP_ID:KHOÁ_BÍ_MẬT?template=SỐ")
        if not _TEMPLATE.fullmatch(asked.get("template", "")):
            raise BadChannel("Kênh ZNS cần ?template= là số của mẫu tin đã được Zalo duyệt.")
        fills = {name.removeprefix(_FILL): source for name, source in asked.items() if name.startswith(_FILL)}
        if not all(map(_NAME.fullmatch, [*fills, *fills.values()])):
            raise BadChannel("Tham số fill. của kênh ZNS phải có dạng fill.tên_trong_mẫu=tên_trong_tin.")
        base, oauth = _bases(asked, _ZNS_BASE)
        return cls(
            app_id=app,
            secret_key=secret,
            template=asked["template"],
            fills=fills,
            base=base,
            oauth=oauth,
            timeout=_timeout(asked),
        )


AccountSettings: TypeAlias = OaSettings | ZnsSettings
"""What belongs to an Official Account, and so needs its tokens."""


def _split(url: str, scheme: str, known: set[str], *, prefix: str | None = None) -> tuple[str, dict[str, str]]:
    """Take the login and the parameters out of a channel URL; nothing of it is ever repeated."""
    written, _, rest = url.partition("://")
    login, _, query = rest.partition("?")
    if written.lower() != scheme or not login:
        raise BadChannel(f"Kênh Zalo này phải có dạng {scheme}://MÃ:KHOÁ_BÍ_MẬT.")
    asked: dict[str, str] = {}
    for pair in filter(None, query.split("&")):
        name, _, value = pair.partition("=")
        if name in asked or not (name in known or (prefix and name.startswith(prefix))):
            names = ", ".join(sorted(known)) + (f", {prefix}…" if prefix else "")
            raise BadChannel(f"Kênh {scheme}:// có tham số lạ hoặc lặp lại; chỉ dùng: {names}.")
        asked[name] = unquote(value)
    return unquote(login.rstrip("/")), asked


def _app(login: str, form: str) -> tuple[str, str]:
    found = _APP_LOGIN.fullmatch(login)
    if found is None:
        raise BadChannel(f"Kênh Zalo OA phải có dạng {form}, lấy ở trang quản lý ứng dụng của Zalo.")
    return found["app"], found["secret"]


def _bases(asked: Mapping[str, str], usual: str) -> tuple[BaseUrl, BaseUrl]:
    return BaseUrl.parse(asked.get("base", usual)), BaseUrl.parse(asked.get("oauth", _OAUTH_BASE))


def _timeout(asked: Mapping[str, str]) -> float:
    value = asked.get("timeout")
    if value is None:
        return _DEFAULT_TIMEOUT_SECONDS
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,3})?", value) or not 0 < float(value) <= _MAX_TIMEOUT_SECONDS:
        raise BadChannel("Tham số timeout của kênh Zalo là số giây, lớn hơn 0 và không quá 120.")
    return float(value)
