"""What Zalo's answers mean: the HTTP status and the body together, codes read per service.

Zalo answers most mistakes with HTTP 200 and a code in the body, and the same number means different things
in different services. Written from public documents; not tried against the live service.
"""

from collections.abc import Mapping
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationError

from notifications.discretion import discreet
from notifications.outcome import Delivery, Outcome
from notifications.zalo_http import Answer

_LONGEST_REPLY = 200


class Endpoint(StrEnum):
    """A service of Zalo, in the words that go into the operator's sentence."""

    BOT = "Zalo Bot"
    OA = "Zalo OA"
    ZNS = "ZNS"


def _codes(**by_outcome: tuple[int, ...]) -> Mapping[int, Outcome]:
    return {code: Outcome(outcome) for outcome, codes in by_outcome.items() for code in codes}


OUTCOMES: Mapping[Endpoint, Mapping[int, Outcome]] = {
    Endpoint.BOT: _codes(
        permanent=(400, 404),
        config=(401,),
        # 403 is documented as "internal error", not as a prohibition.
        retry=(403, 408, 426, 429, 500, 503),
    ),
    Endpoint.OA: _codes(
        # -234: proactive messages are held back at night; the outbox tries again in the morning.
        retry=(-32, -200, -234),
        permanent=(-201, -210, -233, -248),
        config=(-204, -205, -209, -212, -219, -221, -223, -224, -235, -320, -403),
        quota=(-211, -218, -321),
        recipient=(-213, -217, -227, -244),
        refresh=(-216, -220),
        window=(-230, -232),
    ),
    Endpoint.ZNS: _codes(
        retry=(-100,),
        recipient=(-108, -110, -114, -118, -119),
        config=(-109, -117),
        permanent=(-111, -112),
        quota=(-115,),
        refresh=(-124,),
    ),
}
"""What a documented code means for the sender. A code that is not here is an error all the same: permanent."""

# Without a body of Zalo only the status speaks. A gateway (502, 504 and other 5xx) had passed the request on.
_BY_STATUS: Mapping[int, Outcome] = {
    **dict.fromkeys((408, 425, 429, 500, 503), Outcome.RETRY),
    **dict.fromkeys((401, 403, 404, 405, 407), Outcome.CONFIG),
}

_CONSEQUENCE: Mapping[Outcome, str] = {
    Outcome.RETRY: "sẽ thử lại",
    Outcome.REFRESH: "access token đã hết hạn",
    Outcome.PERMANENT: "tin này không gửi được qua kênh này",
    Outcome.RECIPIENT: "người nhận không nhận được tin trên kênh này",
    Outcome.WINDOW: "chưa được phép nhắn cho người này lúc này",
    Outcome.CONFIG: "hãy kiểm tra cấu hình kênh",
    Outcome.QUOTA: "đã hết hạn mức gửi",
    Outcome.UNKNOWN: "tin có thể đã đến",
}


class _BotResult(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True)

    message_id: str | None = None


class _BotAnswer(BaseModel):
    ok: StrictBool
    error_code: int | None = None
    description: str = ""
    result: _BotResult | None = None


class _AccountResult(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True)

    message_id: str | None = None
    msg_id: str | None = None


class _AccountAnswer(BaseModel):
    """Both services of the Official Account; they differ in the name of the message's id only."""

    # Some errors come as a string of digits.
    error: int
    message: str = ""
    result: _AccountResult | None = Field(default=None, validation_alias="data")


def judge_bot(answer: Answer, *secrets: str) -> Delivery:
    """Read the Bot API's answer; `secrets` (chat id, token) are hidden where the answer repeats them."""
    try:
        spoken = _BotAnswer.model_validate_json(answer.body)
    except ValidationError:
        return judge_status(Endpoint.BOT, answer)
    if spoken.ok:
        provider_id = spoken.result.message_id if spoken.result else None
        return _taken(Endpoint.BOT, answer, provider_id)
    if spoken.error_code is None:
        return judge_status(Endpoint.BOT, answer)
    return refused(Endpoint.BOT, spoken.error_code, spoken.description, *secrets)


def judge_account(endpoint: Endpoint, answer: Answer, *secrets: str) -> Delivery:
    """Read the answer of the OA or ZNS service; any code but 0 is an error, whatever the HTTP status."""
    try:
        spoken = _AccountAnswer.model_validate_json(answer.body)
    except ValidationError:
        return judge_status(endpoint, answer)
    if spoken.error == 0:
        provider_id = (spoken.result.msg_id or spoken.result.message_id) if spoken.result else None
        return _taken(endpoint, answer, provider_id)
    return refused(endpoint, spoken.error, spoken.message, *secrets)


def judge_status(endpoint: str, answer: Answer) -> Delivery:
    """Say what it means that the answer is not Zalo's own: a page of a proxy, of a login wall, of nobody."""
    status = answer.status
    if 200 <= status < 300:
        told = f"{endpoint} trả lời HTTP {status} nhưng không phải câu trả lời của Zalo; tin có thể đã đến."
        return Delivery(outcome=Outcome.UNKNOWN, code=f"http {status}", detail=told)
    outcome = _BY_STATUS.get(status)
    if outcome is None:
        # A redirect is not followed: it would carry the token to another address.
        classes = {1: Outcome.UNKNOWN, 3: Outcome.CONFIG, 4: Outcome.PERMANENT, 5: Outcome.UNKNOWN}
        outcome = classes.get(status // 100, Outcome.UNKNOWN)
    told = f"{endpoint} trả lời HTTP {status}; {_CONSEQUENCE[outcome]}."
    return Delivery(outcome=outcome, code=f"http {status}", detail=told)


def refused(endpoint: Endpoint, code: int, description: str, *secrets: str) -> Delivery:
    """Say what an error code of this service means."""
    outcome = OUTCOMES[endpoint].get(code, Outcome.PERMANENT)
    quoted = discreet(" ".join(description.split()), *secrets)[:_LONGEST_REPLY]
    told = f"{endpoint} từ chối (mã {code}: {quoted}); {_CONSEQUENCE[outcome]}."
    return Delivery(outcome=outcome, code=str(code), detail=told)


def _taken(endpoint: Endpoint, answer: Answer, provider_id: str | None) -> Delivery:
    if not 200 <= answer.status < 300:
        told = f"{endpoint} báo đã nhận nhưng kèm HTTP {answer.status}; tin có thể đã đến."
        return Delivery(outcome=Outcome.UNKNOWN, code=f"http {answer.status}", detail=told)
    return Delivery(outcome=Outcome.OK, provider_id=provider_id, code="0", detail=f"{endpoint} đã nhận tin.")
