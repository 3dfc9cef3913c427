"""Asking Zalo for new tokens; call it only through a TokenKeeper, because a refresh token works once.

Written from public documents; not tried against the live service.
"""

from collections.abc import Callable
from urllib.parse import urlencode

from pydantic import BaseModel, Field, ValidationError

from notifications.discretion import discreet
from notifications.outcome import Delivery, Outcome
from notifications.zalo_answers import judge_status
from notifications.zalo_http import NoAnswer, post
from notifications.zalo_settings import AccountSettings
from notifications.zalo_tokens import NotRenewed, Tokens

_LONGEST_REPLY = 200


class _Granted(BaseModel):
    access_token: str = Field(min_length=1)
    refresh_token: str | None = None
    # Zalo sends it as a string of digits.
    expires_in: int | None = None


class _Refused(BaseModel):
    error: int
    error_name: str = ""
    error_description: str = ""


def renewal(settings: AccountSettings) -> Callable[[Tokens], Tokens]:
    """Make the question a TokenKeeper asks: a stored pair in, a new pair out; raises NotRenewed."""

    def ask(stored: Tokens) -> Tokens:
        form = {"refresh_token": stored.refresh, "app_id": settings.app_id, "grant_type": "refresh_token"}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "secret_key": settings.secret_key}
        body = urlencode(form).encode()
        try:
            answer = post(settings.oauth, "/v4/oa/access_token", body, headers, settings.timeout)
        except NoAnswer as silence:
            failed = silence.delivery
        else:
            try:
                granted = _Granted.model_validate_json(answer.body)
            except ValidationError:
                failed = _refusal(answer.body, stored, settings.secret_key) or judge_status("Zalo OAuth", answer)
            else:
                return Tokens(
                    access=granted.access_token,
                    refresh=granted.refresh_token or stored.refresh,
                    expires_in_seconds=granted.expires_in,
                )
        raise NotRenewed(_meaning(failed))

    return ask


def _refusal(body: bytes, stored: Tokens, secret_key: str) -> Delivery | None:
    try:
        refused = _Refused.model_validate_json(body)
    except ValidationError:
        return None
    spoken = " ".join(f"{refused.error_name} {refused.error_description}".split())
    quoted = discreet(spoken, stored.access, stored.refresh, secret_key)[:_LONGEST_REPLY]
    told = f"Zalo không cấp token mới (mã {refused.error}: {quoted}); hãy kết nối lại tài khoản OA."
    return Delivery(outcome=Outcome.CONFIG, code=f"oauth {refused.error}", detail=told)


def _meaning(failed: Delivery) -> Delivery:
    """Say what it means for the message: it was not taken, whatever became of the question for tokens.

    After a silence the refresh token may be spent; then the next renewal is refused and says so.
    """
    outcome = Outcome.RETRY if failed.outcome in {Outcome.RETRY, Outcome.UNKNOWN} else Outcome.CONFIG
    code = failed.code if (failed.code or "").startswith("oauth") else f"oauth {failed.code}"
    told = (
        failed.detail
        if outcome is Outcome.CONFIG
        else "Chưa làm mới được token của Zalo OA; tin chưa được gửi, sẽ thử lại."
    )
    return Delivery(outcome=outcome, code=code, detail=told)
