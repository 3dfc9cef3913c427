"""What a person may do about the post: send a dead letter again, cancel one, let a stopped channel go on."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from models.people import refuse_others_than
from models.reminders.channels import start_channel
from models.reminders.outbox import retry, withdraw
from models.reminders.reports import letter, letter_counts
from models.rulebook import rulebook
from states.facts import Person
from states.posting import Channel, OutboxStatus
from states.refusal import Refused
from states.sending_hours import next_open
from states.vocabulary import Role

#: Who may interfere with the post.
POSTMASTERS = (Role.ADMINISTRATOR, Role.COORDINATOR, Role.LEADER)


def refuse_others_posting(person: Person) -> None:
    """Refuse a person whose role leaves the post alone."""
    refuse_others_than(person, *POSTMASTERS)


def send_again(session: Session, ids: Sequence[int], *, at: datetime) -> tuple[int, datetime]:
    """Send dead letters again, every one where none is named; answer how many, and from when they leave.

    Raises Refused for a letter that is not dead, and where there is none.
    """
    wrong = [sentence for one in ids if (sentence := _not_dead(session, one))]
    if wrong:
        raise Refused(*wrong)
    leaves_at = next_open(at, rulebook(session).calendar)
    number = retry(session, ids, at=leaves_at)
    if not number:
        raise Refused("Không có thư nào không gửi được; không có gì để gửi lại.")
    return number, leaves_at


def _not_dead(session: Session, outbox_id: int) -> str:
    told = letter(session, outbox_id)
    if told["status"] == OutboxStatus.DEAD:
        return ""
    label = told["status_label"].lower()
    return f"Thư số {told['id']} {label}; chỉ gửi lại được thư không gửi được (dean outbox list --status dead)."


def cancel_letter(session: Session, outbox_id: int, *, who: str, note: str, at: datetime) -> int:
    """Cancel a letter that was not sent, and answer how many reminders were in it. Raises Refused."""
    told = letter(session, outbox_id)
    if not withdraw(session, outbox_id, reason=f"{who} hủy thư: {note}", at=at):
        label = told["status_label"].lower()
        raise Refused(f"Thư số {outbox_id} {label} nên không hủy được; chỉ hủy thư chờ gửi hoặc không gửi được.")
    return len(told["reminders"])


def let_go_on(session: Session, channel: Channel) -> int:
    """Let a stopped channel go on, and answer how many letters wait for it. Raises Refused where it runs."""
    if not start_channel(session, channel):
        raise Refused(f"Kênh {channel.label} không dừng; không có gì phải khởi động lại (dean notify channels).")
    return letter_counts(session)[channel][OutboxStatus.WAITING]
