from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier

import pytest

from notifications.demo_servers import Fault
from notifications.demo_zalo import LoopbackZalo
from notifications.demo_zalo_http import HTML_PAGE, Said, said
from notifications.message import Message
from notifications.outcome import Outcome
from notifications.post import deliver
from notifications.zalo_renewal import renewal
from notifications.zalo_settings import OaSettings
from notifications.zalo_tokens import InProcessKeeper, NotRenewed, Tokens

USER, PHONE = "2468458835296197922", "84901234567"
MESSAGE = Message(
    key="nhac:1",
    to_address=USER,
    to_name="Nguyễn Thị Hồng",
    subject="Đề án còn 3 ngày làm việc",
    text="Hạn nộp: 10/8/2026.",
    template_values=(("viec", "Nộp hồ sơ"),),
    created_at=datetime(2026, 8, 5, 0, 30, tzinfo=UTC),
)
SENDERS = 12


@pytest.fixture
def zalo() -> Iterator[LoopbackZalo]:
    with LoopbackZalo() as running:
        running.followers[USER] = running.followers["2468458835296197923"] = 0.0
        running.phones.add(PHONE)
        yield running


class KeeperThatMeets(InProcessKeeper):
    """Let all senders hold the expired token in hand before the first may renew it."""

    def __init__(self, tokens: Tokens, senders: int) -> None:
        super().__init__(tokens)
        self.meeting = Barrier(senders, timeout=20)

    def renew(self, used: Tokens, ask: Callable[[Tokens], Tokens]) -> Tokens:
        self.meeting.wait()
        return super().renew(used, ask)


def test_expired_token_is_renewed_and_the_message_sent_once(zalo: LoopbackZalo) -> None:
    keeper = InProcessKeeper(zalo.grant())
    zalo.expire_access()

    delivery = deliver(MESSAGE, zalo.oa_url(), keeper)

    assert (delivery.outcome, zalo.refreshes, len(zalo.messages)) == (Outcome.OK, 1, 1)
    assert keeper.current() == Tokens(access="demo-access-0002", refresh="demo-refresh-0002", expires_in_seconds=90_000)


def test_twelve_senders_with_an_expired_token_renew_it_once(zalo: LoopbackZalo) -> None:
    keeper = KeeperThatMeets(zalo.grant(), SENDERS)
    zalo.expire_access()
    messages = [replace(MESSAGE, key=f"nhac:{number}") for number in range(SENDERS)]

    with ThreadPoolExecutor(SENDERS) as workers:
        deliveries = list(workers.map(lambda message: deliver(message, zalo.oa_url(), keeper), messages))

    assert [delivery.outcome for delivery in deliveries] == [Outcome.OK] * SENDERS
    assert (zalo.refreshes, len(zalo.messages)) == (1, SENDERS)


def test_oa_and_zns_share_the_tokens(zalo: LoopbackZalo) -> None:
    keeper = InProcessKeeper(zalo.grant())
    zalo.expire_access()

    deliveries = [
        deliver(MESSAGE, zalo.oa_url(), keeper),
        deliver(replace(MESSAGE, to_address=PHONE), zalo.zns_url(), keeper),
    ]

    assert [delivery.outcome for delivery in deliveries] == [Outcome.OK, Outcome.OK]
    assert zalo.refreshes == 1


def test_refresh_token_works_once(zalo: LoopbackZalo) -> None:
    tokens = zalo.grant()
    ask = renewal(OaSettings.from_url(zalo.oa_url()))
    ask(tokens)

    with pytest.raises(NotRenewed) as refused:
        ask(tokens)

    assert (refused.value.delivery.outcome, refused.value.delivery.code) == (Outcome.CONFIG, "oauth -14014")
    assert zalo.refreshes == 1


def test_token_that_is_refused_again_after_renewal_is_config(zalo: LoopbackZalo) -> None:
    keeper = InProcessKeeper(zalo.grant())
    zalo.script("oa", *[said(error=-216, message="Access token is invalid")] * 2)

    delivery = deliver(MESSAGE, zalo.oa_url(), keeper)

    assert (delivery.outcome, delivery.code) == (Outcome.CONFIG, "-216")
    assert delivery.detail.endswith("Token vừa làm mới cũng bị từ chối; hãy kết nối lại tài khoản OA.")
    assert (zalo.refreshes, zalo.messages) == (1, [])


@pytest.mark.parametrize(
    ("answer", "outcome", "code"),
    [
        (said(error=-14014, error_name="Invalid refresh token"), Outcome.CONFIG, "oauth -14014"),
        (HTML_PAGE, Outcome.RETRY, "oauth http 200"),
        (Said("<html>busy</html>", 503, "text/html"), Outcome.RETRY, "oauth http 503"),
        (Said("<html>no</html>", 403, "text/html"), Outcome.CONFIG, "oauth http 403"),
        (Fault.DROP, Outcome.RETRY, "oauth no-answer"),
        (Fault.HANG, Outcome.RETRY, "oauth no-answer"),
    ],
)
def test_renewal_that_fails_leaves_the_message_unsent(
    zalo: LoopbackZalo, answer: Said | Fault, outcome: Outcome, code: str
) -> None:
    tokens = zalo.grant()
    keeper = InProcessKeeper(tokens)
    zalo.expire_access()
    zalo.script("token", answer)

    delivery = deliver(MESSAGE, zalo.oa_url(timeout="0.3"), keeper)

    assert (delivery.outcome, delivery.code) == (outcome, code)
    assert (zalo.messages, keeper.current()) == ([], tokens)


def test_new_tokens_lost_on_the_way_need_the_operator(zalo: LoopbackZalo) -> None:
    """The refresh token is spent at Zalo and the new one never came: only a new link helps."""
    keeper = InProcessKeeper(zalo.grant())
    zalo.expire_access()
    zalo.script("token", Fault.DROP)

    outcomes = [deliver(MESSAGE, zalo.oa_url(), keeper).outcome for _ in range(2)]

    assert outcomes == [Outcome.RETRY, Outcome.CONFIG]


def test_account_without_tokens_is_config(zalo: LoopbackZalo) -> None:
    without_keeper = deliver(MESSAGE, zalo.oa_url())
    never_linked = deliver(MESSAGE, zalo.oa_url(), InProcessKeeper())

    assert [(each.outcome, each.code) for each in (without_keeper, never_linked)] == [
        (Outcome.CONFIG, "no-tokens"),
        (Outcome.CONFIG, "no-tokens"),
    ]


def test_exceptions_and_repr_hold_no_token(zalo: LoopbackZalo) -> None:
    tokens = zalo.grant()
    url = zalo.oa_url()
    zalo.script("token", said(error=-14014, error_description=f"{tokens.refresh} of {zalo.secret_key} is used"))

    with pytest.raises(NotRenewed) as refused:
        renewal(OaSettings.from_url(url))(tokens)
    told = repr(tokens) + repr(OaSettings.from_url(url)) + repr(refused.value) + str(refused.value.__context__)

    assert [secret for secret in (tokens.access, tokens.refresh, zalo.secret_key) if secret in told] == []
