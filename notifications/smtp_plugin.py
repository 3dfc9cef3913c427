"""The Apprise plug-in for e-mail: `smtp://` and `smtps://`, our own MIME, one recipient."""

from dataclasses import replace
from typing import Any

from notifications.channel import Channel, register
from notifications.mail import build
from notifications.message import BadMessage, Message, mail_address, message_id
from notifications.outcome import Delivery, Outcome
from notifications.smtp import transmit
from notifications.smtp_settings import SmtpSettings


class SmtpChannel(Channel):  # type: ignore[no-untyped-call]  # the hook of Apprise under every class statement
    """E-mail through any SMTP server."""

    service_name = "SMTP"
    protocol = "smtp"
    secure_protocol = "smtps"
    templates = ("{schema}://{host}",)
    template_tokens = {"host": {"name": "Host", "type": "string", "required": True}}  # noqa: RUF012

    def __init__(self, settings: SmtpSettings, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.settings = settings

    @staticmethod
    def parse_url(url: str, *_: Any, **__: Any) -> dict[str, Any]:
        """Read the channel URL by our own rules: Apprise decodes passwords twice. Raises BadChannel."""
        return {"schema": "smtp", "settings": SmtpSettings.from_url(url)}

    def url(self, privacy: bool = False, *args: Any, **kwargs: Any) -> str:
        """Name the channel for logs and listings; never with the mailbox or the password."""
        return f"smtp://{self.settings.host}:{self.settings.port}"

    def carry(self, message: Message) -> Delivery:
        settings = self.settings
        try:
            mail_address(message.to_address, "Địa chỉ người nhận")
        except BadMessage as refused:
            return Delivery(outcome=Outcome.RECIPIENT, code="address", detail=str(refused))
        mail = build(message, sender_name=settings.sender_name, sender_address=settings.sender_address)
        delivery = transmit(mail, message.to_address, settings)
        return replace(delivery, provider_id=message_id(message.key, settings.sender_address))


register(SmtpChannel)
