"""Tokens of the Official Account in the register: renewed exactly once, whoever asks and however many at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest

from models.reminders.channel_tokens import StoredTokens, store_tokens, token_status
from models.store import open_store
from notifications.demo_servers import Fault
from notifications.demo_zalo import LoopbackZalo
from notifications.message import Message
from notifications.outcome import Outcome
from notifications.post import deliver
from notifications.zalo_tokens import NoTokens, TokenKeeper, Tokens
from states.posting import Channel
from states.refusal import Refused

AT = datetime(2026, 8, 5, 0, 30, tzinfo=UTC)
USER, PHONE = "2468458835296197922", "84901234567"
MESSAGE = Message(
    key="nhac:1",
    to_address=USER,
    to_name="Nguyễn Thị Hồng",
    subject="Đề án còn 3 ngày làm việc",
    text="Hạn nộp: 10/8/2026.",
    template_values=(("viec", "Nộp hồ sơ"),),
    created_at=AT,
)
SENDERS = 12


@pytest.fixture
def zalo() -> Iterator[LoopbackZalo]:
    with LoopbackZalo() as running:
        running.followers[USER] = 0.0
        running.phones.add(PHONE)
        yield running


def keeper_of(office: Any, channel: Channel = Channel.ZALOOA) -> StoredTokens[Tokens]:
    return StoredTokens(office.store, channel, Tokens, NoTokens, lambda: AT)


def keep(office: Any, tokens: Tokens) -> None:
    with office.store.write() as session:
        store_tokens(session, Channel.ZALOOA, tokens.access, tokens.refresh, at=AT, lifetime_seconds=90_000)


@dataclass
class Meeting:
    """Let all senders hold the expired token in hand before the first may renew it."""

    keeper: TokenKeeper
    meeting: Barrier

    def current(self) -> Tokens:
        return self.keeper.current()

    def renew(self, used: Tokens, ask: Callable[[Tokens], Tokens]) -> Tokens:
        self.meeting.wait()
        return self.keeper.renew(used, ask)


def test_twelve_senders_with_an_expired_token_renew_it_once(office_on_both: Any, zalo: LoopbackZalo) -> None:
    keep(office_on_both, zalo.grant())
    zalo.expire_access()
    keeper = Meeting(keeper_of(office_on_both), Barrier(SENDERS, timeout=20))
    messages = [replace(MESSAGE, key=f"nhac:{number}") for number in range(SENDERS)]

    with ThreadPoolExecutor(SENDERS) as workers:
        deliveries = list(workers.map(lambda message: deliver(message, zalo.oa_url(), keeper), messages))

    assert [delivery.outcome for delivery in deliveries] == [Outcome.OK] * SENDERS
    assert (zalo.refreshes, len(zalo.messages)) == (1, SENDERS)
    assert keeper.current().refresh == "demo-refresh-0002"


def test_renewed_pair_is_what_another_process_finds(office_on_both: Any, zalo: LoopbackZalo) -> None:
    keep(office_on_both, zalo.grant())
    keeper = keeper_of(office_on_both)
    other = open_store(office_on_both.store.url, office_on_both.store.files)

    renewed = keeper.renew(keeper.current(), lambda _: zalo.grant())
    again = keeper.renew(Tokens(access="demo-access-0001", refresh=""), lambda _: pytest.fail("asked twice"))
    found = StoredTokens(other, Channel.ZALOOA, Tokens, NoTokens, lambda: AT).current()
    with other.read() as session:
        [status] = token_status(session)
    other.close()

    assert renewed == again == found
    assert found == Tokens(access="demo-access-0002", refresh="demo-refresh-0002", expires_in_seconds=90_000)
    assert datetime.fromisoformat(status["expires_at"]) == AT + timedelta(seconds=90_000)


def test_account_and_zns_share_one_pair(office_on_both: Any, zalo: LoopbackZalo) -> None:
    keep(office_on_both, zalo.grant())
    zalo.expire_access()

    deliveries = [
        deliver(MESSAGE, zalo.oa_url(), keeper_of(office_on_both)),
        deliver(replace(MESSAGE, to_address=PHONE), zalo.zns_url(), keeper_of(office_on_both, Channel.ZALOZNS)),
    ]

    assert [delivery.outcome for delivery in deliveries] == [Outcome.OK, Outcome.OK]
    assert zalo.refreshes == 1


def test_renewal_that_fails_leaves_the_stored_pair(office_on_both: Any, zalo: LoopbackZalo) -> None:
    tokens = zalo.grant()
    keep(office_on_both, tokens)
    zalo.expire_access()
    zalo.script("token", Fault.HANG)

    delivery = deliver(MESSAGE, zalo.oa_url(timeout="0.3"), keeper_of(office_on_both))

    assert (delivery.outcome, delivery.code) == (Outcome.RETRY, "oauth no-answer")
    assert keeper_of(office_on_both).current() == tokens


def test_account_never_linked_is_config(office_on_both: Any, zalo: LoopbackZalo) -> None:
    delivery = deliver(MESSAGE, zalo.oa_url(), keeper_of(office_on_both))

    assert (delivery.outcome, delivery.code, delivery.detail) == (
        Outcome.CONFIG,
        "no-tokens",
        "Tài khoản Zalo OA chưa được kết nối; hãy nhập token bằng dean zalo token zalooa.",
    )


@pytest.mark.parametrize("bad", ["", "hai dòng", "đ", "a\n", "x" * 5_000])
def test_what_cannot_be_a_token_is_refused_without_being_repeated(office_on_both: Any, bad: str) -> None:
    with pytest.raises(Refused) as refused, office_on_both.store.write() as session:
        store_tokens(session, Channel.ZALOOA, "access", bad, at=AT)

    assert refused.value.reasons == (
        "Refresh token trống hoặc có ký tự lạ; hãy chép lại nguyên một dòng từ trang của Zalo.",
    )
    assert office_on_both.everything()["channel_token"] == []


def test_keeper_and_status_show_no_token(office_on_both: Any) -> None:
    office = office_on_both
    keep(office, Tokens(access="access-1", refresh="refresh-1"))

    with office.store.read() as session:
        status = token_status(session)

    assert [row["channel"] for row in status] == ["zalooa"]
    assert [secret for secret in ("access-1", "refresh-1") if secret in repr(status) + repr(keeper_of(office))] == []
