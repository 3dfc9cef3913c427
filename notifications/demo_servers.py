"""Servers on this machine that keep what they get and fail on request: for demonstrations and tests."""

import asyncio
import os
import socket
import ssl
import threading
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import Enum
from typing import TYPE_CHECKING, Literal, Self
from urllib.parse import quote
from weakref import WeakSet

if TYPE_CHECKING:
    from notifications.demo_smtp import Conversation

HOST = "127.0.0.1"


class Fault(Enum):
    """What a server may do instead of answering."""

    DROP = "cuts the connection"
    HANG = "says nothing more"


Moment = Literal["greeting", "login", "sender", "recipient", "start", "content"]
"""Where a scripted answer replaces the usual one; `start` is DATA itself, `content` what follows it."""


@dataclass(frozen=True)
class ArrivedMail:
    """A mail as it came over the wire."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes = field(repr=False)

    @property
    def parsed(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=policy.default)


class LoopbackSmtp:
    """A real SMTP server in a thread of its own, reachable from this machine only.

    `script("recipient", "550 5.1.1 no such user")` queues answers for the next conversations; without a
    script it takes everything. A mail whose answer is then dropped or held back has still arrived, a refused
    one has not. With `user` and `password` it takes mail only after a login. `tls` makes it offer STARTTLS,
    or speak TLS from the first byte with `implicit_tls`.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        user: str | None = None,
        password: str | None = None,
        tls: ssl.SSLContext | None = None,
        implicit_tls: bool = False,
        on_mail: Callable[[ArrivedMail], None] | None = None,
    ) -> None:
        self.mails: list[ArrivedMail] = []
        self.user, self.password = user, password
        self._tls, self._implicit_tls = tls, implicit_tls
        self._on_mail = on_mail
        self._answers: defaultdict[Moment, deque[str | Fault]] = defaultdict(deque)
        # Listening starts here: who connects before the loop runs is kept waiting and not refused.
        self._socket = _listening(port)
        self.port: int = self._socket.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        self._open: WeakSet[Conversation] = WeakSet()
        self._thread = threading.Thread(target=self._serve, name="loopback-smtp", daemon=True)

    def __enter__(self) -> Self:
        # Imported here, so that only who serves needs aiosmtpd and pays for it.
        from notifications.demo_smtp import Conversation

        self._conversation = Conversation
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    def script(self, moment: Moment, *answers: str | Fault) -> None:
        """Queue answers for the next times a conversation comes to this moment."""
        self._answers[moment].extend(answers)

    def next_answer(self, moment: Moment) -> str | Fault | None:
        """Take the scripted answer for this moment, if there is one."""
        queued = self._answers[moment]
        return queued.popleft() if queued else None

    def keep(self, mail: ArrivedMail) -> None:
        """Put a mail into the box and tell whoever asked to be told."""
        self.mails.append(mail)
        if self._on_mail is not None:
            self._on_mail(mail)

    def url(self, sender: str, **parameters: str) -> str:
        """Write the channel URL of this server, with the login when it wants one."""
        scheme = "smtps" if self._tls and self._implicit_tls else "smtp"
        login = f"{quote(self.user, safe='')}:{quote(self.password or '', safe='')}@" if self.user else ""
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in {"from": sender, **parameters}.items())
        return f"{scheme}://{login}{HOST}:{self.port}?{query}"

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._until_closed())
        self._loop.close()

    async def _until_closed(self) -> None:
        """Serve until closed, which may have happened before the loop ran: then the server comes and goes."""
        tls = self._tls if self._implicit_tls else None
        server = await self._loop.create_server(self._answering, sock=self._socket, ssl=tls)
        await self._over.wait()
        server.close()
        await self._hang_up()

    def _answering(self) -> "Conversation":
        conversation = self._conversation(self, self._loop, None if self._implicit_tls else self._tls)
        self._open.add(conversation)
        return conversation

    async def _hang_up(self) -> None:
        """End what is still being said, so that no connection outlives the server."""
        for conversation in list(self._open):
            if isinstance(conversation.transport, asyncio.WriteTransport):
                conversation.transport.abort()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


def _listening(port: int) -> socket.socket:
    """Listen on loopback, with the protocol named.

    asyncio switches Nagle's delay off only where the protocol says TCP; socket.create_server leaves it out,
    and then each mail waits 40 ms.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
    except OSError:
        listening.close()
        raise
    listening.listen()
    return listening
