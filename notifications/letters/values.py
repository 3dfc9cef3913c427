"""What a letter is written from: values that know nothing of projects, people or tables."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from notifications.letters.words import plain, web_link
from notifications.message import BadMessage

#: Texts that a letter cannot do without. A person without a name is greeted as “anh/chị”, so that is none of them.
_NEEDED = {
    "obligation_id": "Mã nhắc việc",
    "code": "Mã đề án",
    "task": "Tên việc",
    "deadline_key": "Khoá của hạn",
    "office_name": "Tên đơn vị gửi",
    "owner_name": "Tên người phụ trách",
}


class _Clean:
    """Brings every text of a value to one NFC line and checks every link, so that writers need not."""

    def __post_init__(self) -> None:
        values = self.__dict__
        for name, value in values.items():
            # A StrEnum is a word of ours.
            if type(value) is not str:
                continue
            # Writing to the dict is how a frozen value is corrected before anybody has seen it.
            values[name] = web_link(value, "Đường dẫn trong thư") if name.endswith("link") else plain(value)
            if name in _NEEDED and not values[name]:
                raise BadMessage(f"{_NEEDED[name]} còn trống; hãy điền trước khi soạn thư.")


@dataclass(frozen=True, kw_only=True)
class Task(_Clean):
    """One obligation towards the reader.

    `obligation_id` is printed as “mã …”, `ordinal` as “Nhắc lần …”. `code` and `name` are the project's; the
    name may hold that of a firm and therefore never leaves through Zalo. `why` tells why this reader gets it.
    `stand_in_for` names the colleague in whose place the reader acts. Raises BadMessage.
    """

    obligation_id: str
    ordinal: int
    code: str
    name: str
    task: str
    why: str = ""
    link: str
    acknowledge_link: str | None = None
    snooze_link: str | None = None
    stand_in_for: str | None = None


@dataclass(frozen=True, kw_only=True)
class Item(Task):
    """A task with a deadline.

    `due_on` is the day as counted or printed, `rolled_on` the day that holds (overdue is after it), `safe_on`
    the last workday not after `due_on`. `workdays_left` counts to `safe_on` while there is time and is
    negative after `rolled_on`. `deadline_key` names the deadline whatever its dates are, `sequence` the
    version of the dates: a calendar replaces the entry of the same key by that of the higher sequence.
    """

    deadline_key: str
    sequence: int
    due_on: date
    rolled_on: date
    safe_on: date
    workdays_left: int
    statutory: bool
    provisional: bool
    basis: str


@dataclass(frozen=True, kw_only=True)
class Waiting(Task):
    """A task without a deadline: newly given to the reader, waiting for them, or silent for long.

    `workdays` is how long it has waited since the day `since`.
    """

    since: date
    workdays: int


@dataclass(frozen=True, kw_only=True)
class Cover(_Clean):
    """What surrounds every letter: who reads it, on which day, and which office writes.

    An `unsubscribe_link` of plain http stands in the footer only: mail programs press a header's link by
    themselves, and only through https (RFC 8058). `created_at` is aware; it dates the calendar entries.
    """

    to_name: str
    on: date
    office_name: str
    settings_link: str | None = None
    unsubscribe_link: str | None = None
    created_at: datetime

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.created_at.utcoffset() is None:
            raise BadMessage("Thời điểm soạn thư phải có múi giờ.")


@dataclass(frozen=True, kw_only=True)
class Mentioned(_Clean):
    """A remark on a project in which a colleague calls the reader; its words never leave through Zalo."""

    code: str
    name: str
    author: str
    words: str
    on: date
    link: str
    stand_in_for: str | None = None


@dataclass(frozen=True, kw_only=True)
class Digest(Cover):
    """Everything one person is told in one morning, in any order: tasks, and remarks that call them."""

    items: tuple[Item | Waiting, ...]
    mentions: tuple[Mentioned, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.items and not self.mentions:
            raise BadMessage("Thư tổng hợp không có việc nào; không soạn thư trống.")


@dataclass(frozen=True, kw_only=True)
class Told(_Clean):
    """One reminder that went to the person in charge; `channel` is its name for readers (“thư điện tử”)."""

    on: date
    channel: str
    arrived: bool


@dataclass(frozen=True, kw_only=True)
class Escalated(_Clean):
    """An overdue item as the supervisor sees it: whose it is and when that person was reminded."""

    item: Item
    owner_name: str
    told: tuple[Told, ...]
    acknowledged_on: date | None = None


class Trouble(StrEnum):
    """What only the operator can put right."""

    CHANNEL = "channel"
    """A channel refuses our settings and is stopped; its messages wait."""

    JOB = "job"
    """A job of the schedule did not run."""

    DEAD_LETTERS = "dead_letters"
    """Messages were given up after every attempt."""


@dataclass(frozen=True, kw_only=True)
class Alert(_Clean):
    """One trouble: `name` of the channel or job, `since` in local time, `count` of messages that wait or died.

    `detail` is the provider's or the job's own sentence, `command` what the operator may run next.
    """

    trouble: Trouble
    name: str
    since: datetime
    count: int
    detail: str = ""
    command: str = ""
