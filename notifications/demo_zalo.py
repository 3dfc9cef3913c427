"""A Zalo on this machine: it misbehaves like the documented one and keeps what it gets.

Codes in the body of an HTTP 200, refresh tokens that work once, access tokens that run out, seven days to
answer a follower, people it does not know or who blocked us. Written from public documents; what the live
service does beyond them, nobody tried.
"""

import json
import threading
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message as Headers
from typing import Any, Literal, Self, TypeAlias
from urllib.parse import parse_qs, quote

from notifications.demo_servers import HOST, Fault
from notifications.demo_zalo_http import Listener, Said, push, said
from notifications.zalo_incoming import signature_of
from notifications.zalo_tokens import Tokens

Service: TypeAlias = Literal["bot", "updates", "oa", "zns", "token"]
"""Where a scripted answer replaces the usual one."""

_ACCESS_SECONDS = 90_000  # 25 hours
_WINDOW_SECONDS = 7 * 24 * 3600
_LONGEST_TEXT = 2_000
_LONGEST_WAIT_SECONDS = 60.0


@dataclass(frozen=True)
class ArrivedZalo:
    """A message a person got."""

    service: Service
    recipient: str = field(repr=False)
    text: str = field(default="", repr=False)
    values: dict[str, str] = field(default_factory=dict, repr=False)
    tracking_id: str = ""


class LoopbackZalo:
    """A bot, an Official Account and its login server on one port, reachable from this machine only.

    `script("oa", Said(...), Fault.DROP)` queues answers for the next requests; without a script it follows
    its own rules. A message whose answer is then dropped or held back has still arrived, one answered by a
    scripted Said has not. `chats`, `followers` (with the moment of their last word), `phones` and `blocked`
    say whom it knows; who writes is known from then on. Its clock stands still unless `clock` is given, and
    `pass_time` moves it.
    """

    bot_token = "100200300:demo-bot-token"
    app_id = "1002003004005"
    secret_key = "demo-app-secret"
    oa_secret = "demo-oa-secret"
    template = "290001"

    def __init__(
        self,
        *,
        port: int = 0,
        clock: Callable[[], float] = float,
        on_message: Callable[[ArrivedZalo], None] | None = None,
    ) -> None:
        self.messages: list[ArrivedZalo] = []
        self.chats: set[str] = set()
        self.followers: dict[str, float] = {}
        self.phones: set[str] = set()
        self.blocked: set[str] = set()
        self.template_names: set[str] = set()
        self.refreshes = 0
        self.push_statuses: list[int] = []
        self._clock, self._passed = clock, 0.0
        self._on_message = on_message
        self._answers: defaultdict[Service, deque[Said | Fault]] = defaultdict(deque)
        self._access: dict[str, float] = {}
        self._refresh: set[str] = set()
        self._issued = self._spoken = 0
        self._updates: deque[dict[str, Any]] = deque()
        self._bot_webhook: tuple[str, str, bool] | None = None
        self._oa_webhook: str | None = None
        self._changed = threading.Condition()
        self._listener = Listener(port, self._answer)
        self.port: int = self._listener.server_port
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.05,), name="loopback-zalo")
        self._thread.daemon = True

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.closing.set()
        with self._changed:
            self._changed.notify_all()
        self._listener.shutdown()
        self._listener.server_close()
        self._thread.join()

    # What whoever demonstrates or tests can do.

    @property
    def base(self) -> str:
        return f"http://{HOST}:{self.port}"

    def bot_url(self, **parameters: str) -> str:
        """Write the channel URL of the bot."""
        return f"zalobot://{self.bot_token}?{self._query(base=self.base, **parameters)}"

    def oa_url(self, **parameters: str) -> str:
        """Write the channel URL of the Official Account."""
        return f"zalooa://{self.app_id}:{self.secret_key}?{self._query(base=self.base, oauth=self.base, **parameters)}"

    def zns_url(self, **parameters: str) -> str:
        """Write the channel URL of the template; `fill.name` goes in by `**{"fill.name": "source"}`."""
        usual = {"template": self.template, "base": self.base, "oauth": self.base}
        return f"zalozns://{self.app_id}:{self.secret_key}?{self._query(**(usual | parameters))}"

    def script(self, service: Service, *answers: Said | Fault) -> None:
        """Queue answers for the next requests to this service."""
        self._answers[service].extend(answers)

    def grant(self) -> Tokens:
        """Link the account, as its administrator does on Zalo's page."""
        with self._changed:
            return self._new_tokens()

    def pass_time(self, seconds: float) -> None:
        """Let time pass: tokens run out, windows close."""
        self._passed += seconds

    def expire_access(self) -> None:
        """Let every access token run out."""
        self.pass_time(_ACCESS_SECONDS + 1)

    def push_bot_events(self, url: str, secret: str, *, enveloped: bool = True) -> None:
        """Send what people write to the bot to a webhook from now on, in the outer envelope or without it."""
        self._bot_webhook = (url, secret, enveloped)

    def push_oa_events(self, url: str) -> None:
        """Send what people write to the Official Account to a webhook from now on."""
        self._oa_webhook = url

    def write_to_bot(self, chat_id: str, text: str, display_name: str = "Người dùng Zalo") -> str:
        """Let someone write to the bot; returns the id of their message."""
        self.chats.add(chat_id)
        message_id = self._next_id()
        event = {
            "event_name": "message.text.received",
            "message": {
                "from": {"id": chat_id, "display_name": display_name, "is_bot": False},
                "chat": {"id": chat_id, "chat_type": "PRIVATE"},
                "text": text,
                "message_id": message_id,
                "date": int(self._now() * 1000),
            },
        }
        if self._bot_webhook is None:
            with self._changed:
                self._updates.append(event)
                self._changed.notify_all()
        else:
            url, secret, enveloped = self._bot_webhook
            body = json.dumps({"ok": True, "result": event} if enveloped else event, ensure_ascii=False)
            self.push_statuses.append(push(url, body.encode(), {"X-Bot-Api-Secret-Token": secret}))
        return message_id

    def write_to_oa(self, user_id: str, text: str) -> str:
        """Let someone write to the Official Account, which opens their window; returns the id of their message."""
        self.followers[user_id] = self._now()
        message_id, timestamp = self._next_id(), str(int(self._now() * 1000))
        event = {
            "app_id": self.app_id,
            "event_name": "user_send_text",
            "timestamp": timestamp,
            "sender": {"id": user_id},
            "recipient": {"id": "900800700600500400"},
            "message": {"msg_id": message_id, "text": text},
        }
        if self._oa_webhook is not None:
            body = json.dumps(event, ensure_ascii=False).encode()
            signature = signature_of(body, timestamp, app_id=self.app_id, oa_secret=self.oa_secret)
            self.push_statuses.append(push(self._oa_webhook, body, {"X-ZEvent-Signature": f"mac={signature}"}))
        return message_id

    # What comes over the wire.

    def _answer(self, path: str, headers: Headers, body: bytes) -> Said | Fault:
        services: dict[str, tuple[Service, Callable[[Headers, bytes], Said | ArrivedZalo]]] = {
            f"/bot{self.bot_token}/sendMessage": ("bot", self._send_message),
            f"/bot{self.bot_token}/getUpdates": ("updates", self._get_updates),
            "/v3.0/oa/message/cs": ("oa", self._message_cs),
            "/message/template": ("zns", self._message_template),
            "/v4/oa/access_token": ("token", self._access_token),
        }
        if path == "/demo/write":
            return self._write_for_demonstration(body)
        if path not in services:
            known = path.startswith("/bot")
            return _bot_error(401, "Unauthorized") if known else Said("<h1>404</h1>", 404, "text/html")
        service, serve = services[path]
        scripted = self._answers[service].popleft() if self._answers[service] else None
        if isinstance(scripted, Said):
            return scripted
        answer = serve(headers, body)
        if isinstance(answer, ArrivedZalo):
            answer = self._keep(answer)
        return answer if scripted is None else scripted

    def _keep(self, message: ArrivedZalo) -> Said:
        self.messages.append(message)
        if self._on_message is not None:
            self._on_message(message)
        if message.service == "bot":
            return said(ok=True, result={"message_id": self._next_id(), "date": int(self._now() * 1000)})
        name = "msg_id" if message.service == "zns" else "message_id"
        return said(error=0, message="Success", data={name: self._next_id()})

    def _send_message(self, _: Headers, body: bytes) -> Said | ArrivedZalo:
        asked = _spoken(body)
        chat_id, text = str(asked.get("chat_id", "")), str(asked.get("text", ""))
        if not 1 <= len(text) <= _LONGEST_TEXT:
            return _bot_error(400, "Bad Request: text must have 1 to 2000 characters")
        if chat_id not in self.chats:
            return _bot_error(404, f"Not Found: chat {chat_id}")
        if chat_id in self.blocked:
            return _bot_error(400, f"Bad Request: chat {chat_id} does not accept messages")
        return ArrivedZalo("bot", chat_id, text)

    def _get_updates(self, _: Headers, body: bytes) -> Said:
        if self._bot_webhook is not None:
            return _bot_error(400, "Bad Request: webhook is active")
        wait = min(float(_spoken(body).get("timeout", 30)), _LONGEST_WAIT_SECONDS)
        with self._changed:
            self._changed.wait_for(lambda: self._updates or self._listener.closing.is_set(), wait)
            if not self._updates:
                return _bot_error(408, "Request timeout")
            return said(ok=True, result=self._updates.popleft())

    def _message_cs(self, headers: Headers, body: bytes) -> Said | ArrivedZalo:
        asked = _spoken(body)
        user_id = str(asked.get("recipient", {}).get("user_id", ""))
        text = str(asked.get("message", {}).get("text", ""))
        token = headers.get("access_token", "")
        if token not in self._access:
            return said(error=-216, message="Access token is invalid")
        if self._now() > self._access[token]:
            return said(error=-220, message="access_token is expired")
        if not 1 <= len(text) <= _LONGEST_TEXT:
            return said(error=-210, message="Parameter exceeds the limit")
        if user_id not in self.followers:
            return said(error=-213, message=f"User {user_id} has not followed the OA")
        if user_id in self.blocked:
            return said(error=-244, message="User has blocked messages from the OA")
        if self._now() - self.followers[user_id] > _WINDOW_SECONDS:
            return said(error=-230, message="User has not interacted with the OA in the past 7 days")
        return ArrivedZalo("oa", user_id, text)

    def _message_template(self, headers: Headers, body: bytes) -> Said | ArrivedZalo:
        asked = _spoken(body)
        phone, values = str(asked.get("phone", "")), asked.get("template_data", {})
        if self._now() > self._access.get(headers.get("access_token", ""), -1.0):
            return said(error=-124, message="Access token invalid")
        if asked.get("template_id") != self.template:
            return said(error=-109, message="Template not existed")
        if phone not in self.phones:
            return said(error=-118, message=f"Zalo account of {phone} not existed")
        if phone in self.blocked:
            return said(error=-119, message="Account can not receive message")
        if not values or (self.template_names and set(values) != self.template_names):
            return said(error=-112, message="Template data invalid")
        return ArrivedZalo("zns", phone, values=values, tracking_id=str(asked.get("tracking_id", "")))

    def _access_token(self, headers: Headers, body: bytes) -> Said:
        asked = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if headers.get("secret_key") != self.secret_key or asked.get("app_id") != self.app_id:
            return said(error=-14002, error_name="Invalid app", error_description="Wrong app_id or secret_key")
        with self._changed:
            if asked.get("grant_type") != "refresh_token" or asked.get("refresh_token") not in self._refresh:
                return said(error=-14014, error_name="Invalid refresh token", error_description="Refresh token is used")
            self._refresh.discard(asked["refresh_token"])
            self.refreshes += 1
            tokens = self._new_tokens()
        return said(access_token=tokens.access, refresh_token=tokens.refresh, expires_in=str(_ACCESS_SECONDS))

    def _write_for_demonstration(self, body: bytes) -> Said:
        """Play a person from the command line: `{"chat_id"|"user_id", "text", "display_name"}`."""
        asked = {name: str(value) for name, value in _spoken(body).items()}
        if "user_id" in asked:
            return said(message_id=self.write_to_oa(asked["user_id"], asked.get("text", "")))
        name = asked.get("display_name", "Người dùng Zalo")
        return said(message_id=self.write_to_bot(asked.get("chat_id", ""), asked.get("text", ""), name))

    def _new_tokens(self) -> Tokens:
        self._issued += 1
        access, refresh = f"demo-access-{self._issued:04d}", f"demo-refresh-{self._issued:04d}"
        self._access[access] = self._now() + _ACCESS_SECONDS
        self._refresh.add(refresh)
        return Tokens(access=access, refresh=refresh, expires_in_seconds=_ACCESS_SECONDS)

    def _next_id(self) -> str:
        with self._changed:
            self._spoken += 1
            return f"{self._spoken:020x}"

    def _now(self) -> float:
        return self._clock() + self._passed

    @staticmethod
    def _query(**parameters: str) -> str:
        return "&".join(f"{name}={quote(value, safe='')}" for name, value in parameters.items())


def _bot_error(code: int, description: str) -> Said:
    return said(ok=False, description=description, error_code=code)


def _spoken(body: bytes) -> dict[str, Any]:
    try:
        spoken = json.loads(body)
    except ValueError:
        spoken = None
    return spoken if isinstance(spoken, dict) else {}
