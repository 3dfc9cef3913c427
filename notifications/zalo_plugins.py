"""The Apprise plug-ins for Zalo: `zalobot://`, `zalooa://` and `zalozns://`, one message, one person.

Written from public documents; not tried against the live service.
"""

import json
from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from notifications.channel import Channel, register
from notifications.message import BadMessage, Message
from notifications.outcome import Delivery, Outcome
from notifications.zalo_answers import Endpoint, judge_account, judge_bot
from notifications.zalo_http import Answer, BaseUrl, NoAnswer, post
from notifications.zalo_recipients import chat_id, oa_user_id, phone_number
from notifications.zalo_renewal import renewal
from notifications.zalo_settings import AccountSettings, BotSettings, OaSettings, ZnsSettings
from notifications.zalo_text import plain_text
from notifications.zalo_tokens import NoTokens, NotRenewed, TokenKeeper

_RECIPIENT = "Người nhận"
_NOT_FILLED = "Tin này thiếu giá trị cho mẫu ZNS; người nhận sẽ được báo qua kênh khác."


class ZaloChannel(Channel):  # type: ignore[no-untyped-call]  # the hook of Apprise under every class statement
    """What the three have in common: a recipient of its own form, and a request that is sent once."""

    service_name: str
    secure_protocol: str
    templates = ("{schema}://{host}",)
    template_tokens = {"host": {"name": "Host", "type": "string", "required": True}}  # noqa: RUF012
    settings: BotSettings | OaSettings | ZnsSettings

    def url(self, privacy: bool = False, *args: Any, **kwargs: Any) -> str:
        """Name the channel for logs and listings; never with the token or the key."""
        return f"{self.secure_protocol}://{self.settings.base.host}"

    def carry(self, message: Message) -> Delivery:
        try:
            recipient = self.recipient(message)
        except BadMessage as wrong:
            return Delivery(outcome=Outcome.RECIPIENT, code="address", detail=str(wrong))
        try:
            return self.transmit(message, recipient)
        except NoAnswer as silence:
            return silence.delivery

    @abstractmethod
    def recipient(self, message: Message) -> str:
        """Read whom this channel is to reach; raises BadMessage."""

    @abstractmethod
    def transmit(self, message: Message, recipient: str) -> Delivery:
        """Send it; raises NoAnswer."""

    def ask(self, base: BaseUrl, path: str, spoken: Mapping[str, Any], **headers: str) -> Answer:
        """Post one JSON request."""
        body = json.dumps(spoken, ensure_ascii=False).encode()
        return post(base, path, body, {"Content-Type": "application/json", **headers}, self.settings.timeout)


class ZaloBotChannel(ZaloChannel):  # type: ignore[no-untyped-call]
    """A push message of the Zalo Bot Platform to someone who linked their chat."""

    service_name = "Zalo Bot"
    secure_protocol = "zalobot"
    settings: BotSettings

    def __init__(self, settings: BotSettings, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.settings = settings

    @staticmethod
    def parse_url(url: str, *_: Any, **__: Any) -> dict[str, Any]:
        """Read the channel URL by our own rules. Raises BadChannel."""
        return {"schema": "zalobot", "settings": BotSettings.from_url(url)}

    def recipient(self, message: Message) -> str:
        return chat_id(message.to_address, _RECIPIENT)

    def transmit(self, message: Message, recipient: str) -> Delivery:
        token = self.settings.token
        spoken = {"chat_id": recipient, "text": plain_text(message)}
        answer = self.ask(self.settings.base, f"/bot{token}/sendMessage", spoken)
        return judge_bot(answer, recipient, token)


class ZaloAccountChannel(ZaloChannel):  # type: ignore[no-untyped-call]
    """What is sent in the name of an Official Account, with its access token."""

    service_name: str
    secure_protocol: str
    settings: AccountSettings

    def transmit(self, message: Message, recipient: str) -> Delivery:
        tokens = self.tokens
        if tokens is None:
            told = "Kênh Zalo OA được gọi mà không kèm nơi giữ token; hãy kết nối tài khoản OA trước."
            return Delivery(outcome=Outcome.CONFIG, code="no-tokens", detail=told)
        try:
            return self._with_fresh_tokens(tokens, lambda access: self.send_as(access, message, recipient))
        except NoTokens as missing:
            return Delivery(outcome=Outcome.CONFIG, code="no-tokens", detail=str(missing))
        except NotRenewed as refused:
            return refused.delivery

    @abstractmethod
    def send_as(self, access: str, message: Message, recipient: str) -> Delivery:
        """Send it with this access token; raises NoAnswer."""

    def _with_fresh_tokens(self, keeper: TokenKeeper, send: Callable[[str], Delivery]) -> Delivery:
        """Send; when the token has run out, renew it once and send once more.

        A refused token means that nothing was taken, so the second sending cannot double the message.
        """
        used = keeper.current()
        delivery = send(used.access)
        if delivery.outcome is not Outcome.REFRESH:
            return delivery
        renewed = keeper.renew(used, renewal(self.settings))
        delivery = send(renewed.access)
        if delivery.outcome is not Outcome.REFRESH:
            return delivery
        told = f"{delivery.detail} Token vừa làm mới cũng bị từ chối; hãy kết nối lại tài khoản OA."
        return replace(delivery, outcome=Outcome.CONFIG, detail=told)


class ZaloOaChannel(ZaloAccountChannel):  # type: ignore[no-untyped-call]
    """An answer ("tin tư vấn") to a follower who wrote in the last seven days."""

    service_name = "Zalo OA"
    secure_protocol = "zalooa"
    settings: OaSettings

    def __init__(self, settings: OaSettings, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.settings = settings

    @staticmethod
    def parse_url(url: str, *_: Any, **__: Any) -> dict[str, Any]:
        """Read the channel URL by our own rules. Raises BadChannel."""
        return {"schema": "zalooa", "settings": OaSettings.from_url(url)}

    def recipient(self, message: Message) -> str:
        return oa_user_id(message.to_address, _RECIPIENT)

    def send_as(self, access: str, message: Message, recipient: str) -> Delivery:
        spoken = {"recipient": {"user_id": recipient}, "message": {"text": plain_text(message)}}
        answer = self.ask(self.settings.base, "/v3.0/oa/message/cs", spoken, access_token=access)
        return judge_account(Endpoint.OA, answer, recipient, access, self.settings.secret_key)


class ZaloZnsChannel(ZaloAccountChannel):  # type: ignore[no-untyped-call]
    """A paid notice to a phone number, from a template that Zalo approved."""

    service_name = "ZNS"
    secure_protocol = "zalozns"
    settings: ZnsSettings

    def __init__(self, settings: ZnsSettings, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.settings = settings

    @staticmethod
    def parse_url(url: str, *_: Any, **__: Any) -> dict[str, Any]:
        """Read the channel URL by our own rules. Raises BadChannel."""
        return {"schema": "zalozns", "settings": ZnsSettings.from_url(url)}

    def recipient(self, message: Message) -> str:
        return phone_number(message.to_address, _RECIPIENT)

    def transmit(self, message: Message, recipient: str) -> Delivery:
        if self._filled(message) is None:
            return Delivery(outcome=Outcome.PERMANENT, code="template-values", detail=_NOT_FILLED)
        return super().transmit(message, recipient)

    def send_as(self, access: str, message: Message, recipient: str) -> Delivery:
        spoken = {
            "phone": recipient,
            "template_id": self.settings.template,
            "template_data": self._filled(message),
            # The name under which the provider's own records can be searched for this message.
            "tracking_id": sha256(message.key.encode()).hexdigest()[:32],
        }
        answer = self.ask(self.settings.base, "/message/template", spoken, access_token=access)
        return judge_account(
            Endpoint.ZNS, answer, recipient, f"0{recipient[2:]}", f"+{recipient}", access, self.settings.secret_key
        )

    def _filled(self, message: Message) -> dict[str, str] | None:
        """Fill the template, or say None where the message lacks a value for it."""
        own = dict(message.template_values)
        known = {"to_name": message.to_name, "subject": message.subject, "key": message.key} | own
        fills = self.settings.fills or {name: name for name in own}
        filled = {name: known.get(source, "") for name, source in fills.items()}
        return filled if filled and all(filled.values()) else None


for plugin in (ZaloBotChannel, ZaloOaChannel, ZaloZnsChannel):
    register(plugin)
