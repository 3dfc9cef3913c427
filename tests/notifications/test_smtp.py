import pytest

from notifications.outcome import Outcome
from notifications.smtp import Reply, Step, judge


@pytest.mark.parametrize(
    ("step", "code", "text", "outcome"),
    [
        (Step.CONNECT, 421, "too busy", Outcome.RETRY),
        (Step.CONNECT, 554, "no service for you", Outcome.CONFIG),
        (Step.PROTECT, 454, "4.7.0 TLS not available", Outcome.RETRY),
        (Step.PROTECT, 501, "", Outcome.CONFIG),
        (Step.LOGIN, 454, "4.7.0 temporary authentication failure", Outcome.RETRY),
        (Step.LOGIN, 535, "5.7.8 bad credentials", Outcome.CONFIG),
        (Step.LOGIN, 534, "5.7.9 mechanism too weak", Outcome.CONFIG),
        (Step.SENDER, 451, "", Outcome.RETRY),
        (Step.SENDER, 530, "5.7.0 authentication required", Outcome.CONFIG),
        (Step.SENDER, 553, "5.1.8 sender domain unknown", Outcome.CONFIG),
        (Step.SENDER, 552, "message too big", Outcome.PERMANENT),
        (Step.SENDER, 554, "5.3.4 message too big", Outcome.PERMANENT),
        (Step.RECIPIENT, 450, "4.2.1 mailbox busy", Outcome.RETRY),
        (Step.RECIPIENT, 452, "4.2.2 mailbox full", Outcome.RETRY),
        (Step.RECIPIENT, 421, "closing", Outcome.RETRY),
        (Step.RECIPIENT, 550, "5.1.1 no such user", Outcome.RECIPIENT),
        (Step.RECIPIENT, 552, "5.2.2 mailbox full", Outcome.RECIPIENT),
        (Step.RECIPIENT, 530, "5.7.0 authentication required", Outcome.CONFIG),
        (Step.RECIPIENT, 550, "5.4.5 daily sending limit exceeded", Outcome.QUOTA),
        (Step.START, 451, "", Outcome.RETRY),
        (Step.START, 554, "no valid recipients", Outcome.PERMANENT),
        (Step.CONTENT, 451, "4.3.0 queue file write error", Outcome.RETRY),
        (Step.CONTENT, 452, "4.3.1 disk full", Outcome.RETRY),
        (Step.CONTENT, 554, "5.7.1 looks like spam", Outcome.PERMANENT),
        (Step.CONTENT, 550, "5.4.5 daily sending limit exceeded", Outcome.QUOTA),
        (Step.CONTENT, -1, "<html>", Outcome.UNKNOWN),
        (Step.CONTENT, 354, "", Outcome.UNKNOWN),
        (Step.RECIPIENT, -1, "<html>", Outcome.RETRY),
    ],
)
def test_refusal_is_judged_by_where_it_came(step: Step, code: int, text: str, outcome: Outcome) -> None:
    assert judge(step, Reply(code, text)) is outcome


@pytest.mark.parametrize(
    ("text", "codes"), [("5.1.1 no such user", "550 5.1.1"), ("no such user", "550"), ("10.0.0.1 x", "550")]
)
def test_codes_name_the_enhanced_status_when_there_is_one(text: str, codes: str) -> None:
    assert Reply(550, text).codes == codes
