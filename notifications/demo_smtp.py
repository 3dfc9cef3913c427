"""One conversation of the demonstration mail server: aiosmtpd with answers that can be scripted."""

# aiosmtpd finds its handlers by the names of the SMTP commands.
# ruff: noqa: N802

import asyncio
import logging
import ssl

from aiosmtpd.smtp import SMTP, Envelope, Session

from notifications.demo_servers import ArrivedMail, Fault, LoopbackSmtp, Moment

# aiosmtpd logs every line it hears, addresses and content included.
logging.getLogger("mail.log").setLevel(logging.WARNING)


class Conversation(SMTP):
    """Ask the server's script before each step, and do the usual where it says nothing."""

    def __init__(self, server: LoopbackSmtp, loop: asyncio.AbstractEventLoop, starttls: ssl.SSLContext | None) -> None:
        self._script = server
        self._greeted = False
        super().__init__(
            _MailBox(server),
            # Without a name aiosmtpd asks the name server for one.
            hostname="localhost",
            tls_context=starttls,
            auth_callback=self._admits,
            auth_require_tls=False,
            loop=loop,
        )

    def _admits(self, mechanism: str, login: bytes, password: bytes) -> bool:
        return (login.decode(), password.decode()) == (self._script.user, self._script.password)

    async def _scripted(self, moment: Moment) -> bool:
        answer = self._script.next_answer(moment)
        if isinstance(answer, Fault):
            await _fail(self, answer)
        elif answer is not None:
            await super().push(answer)
        return answer is not None

    async def push(self, status: str | bytes) -> None:
        """Send an answer; the first one is the greeting."""
        first, self._greeted = not self._greeted, True
        if not (first and await self._scripted("greeting")):
            await super().push(status if isinstance(status, str) else status.decode())

    async def smtp_AUTH(self, arg: str) -> None:
        if not await self._scripted("login"):
            await super().smtp_AUTH(arg)

    async def smtp_MAIL(self, arg: str | None) -> None:
        if await self._scripted("sender"):
            return
        if self._script.user is not None and not (self.session and self.session.authenticated):
            await self.push("530 5.7.0 Authentication required")
            return
        await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:
        if not await self._scripted("recipient"):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:
        if not await self._scripted("start"):
            await super().smtp_DATA(arg)


class _MailBox:
    """What aiosmtpd asks about the content of a mail."""

    def __init__(self, server: LoopbackSmtp) -> None:
        self._server = server

    async def handle_DATA(self, smtp: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self._server.next_answer("content")
        if isinstance(answer, str):
            return answer
        content = envelope.original_content or b""
        self._server.keep(ArrivedMail(envelope.mail_from or "", tuple(envelope.rcpt_tos), content))
        if answer is not None:
            await _fail(smtp, answer)
        return f"250 2.0.0 OK: queued as {len(self._server.mails)}"


async def _fail(smtp: SMTP, fault: Fault) -> None:
    """Play the fault; nothing more happens in this conversation until aiosmtpd cancels it."""
    if fault is Fault.DROP and isinstance(smtp.transport, asyncio.WriteTransport):
        smtp.transport.abort()
    await asyncio.Event().wait()
