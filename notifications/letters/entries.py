"""A task as an entry of a letter: how much time is left, which day to aim at, what kind of deadline it is."""

from collections.abc import Sequence
from datetime import date
from enum import Enum

from notifications.letters.page import Action, Entry, Fact, Tone
from notifications.letters.values import Item, Mentioned, Task, Waiting
from notifications.letters.words import full_date, shorten, upper_first, workdays

_NEAR, _FAR = 3, 7

# A phone shows about 40 letters a line: a longer name is a paragraph and not a name.
_TITLE, _NAME, _WORDS = 160, 240, 500


class Urgency(Enum):
    """The sections of a digest in their order: heading, look, and how the subject and the opening count them."""

    OVERDUE = "Quá hạn", Tone.OVERDUE, "quá hạn"
    TODAY = "Hôm nay", Tone.TODAY, "đến hạn hôm nay"
    NEAR = f"Trong {_NEAR} ngày làm việc", Tone.SOON, f"đến hạn trong {_NEAR} ngày làm việc"
    FAR = f"Trong {_FAR} ngày làm việc", Tone.LATER, f"đến hạn trong {_FAR} ngày làm việc"
    CALM = "Mới giao, chờ anh/chị xử lý", Tone.CALM, "chờ anh/chị xử lý"

    def __init__(self, title: str, tone: Tone, counted: str) -> None:
        self.title = title
        self.tone = tone
        self.counted = counted


def urgency(item: Item | Waiting, on: date) -> Urgency:
    """Tell in which section a task stands."""
    if isinstance(item, Waiting):
        return Urgency.CALM
    # Between two workdays no workday has passed since the deadline, and yet it is over.
    if item.workdays_left < 0 or on > item.rolled_on:
        return Urgency.OVERDUE
    if item.workdays_left == 0:
        return Urgency.TODAY
    if item.workdays_left <= _NEAR:
        return Urgency.NEAR
    return Urgency.FAR if item.workdays_left <= _FAR else Urgency.CALM


def ranked(items: Sequence[Item | Waiting], on: date) -> list[tuple[Urgency, list[Item | Waiting]]]:
    """Sort tasks into the sections that have any, the most urgent first in each."""
    sections: dict[Urgency, list[Item | Waiting]] = {each: [] for each in Urgency}
    for item in items:
        sections[urgency(item, on)].append(item)
    return [(each, sorted(found, key=_rank)) for each, found in sections.items() if found]


def _rank(item: Item | Waiting) -> tuple[bool, date, int, str, str]:
    if isinstance(item, Waiting):
        return True, item.since, 0, item.code, item.obligation_id
    return False, item.rolled_on, item.workdays_left, item.code, item.obligation_id


def title(task: Task) -> str:
    return shorten(upper_first(task.task), _TITLE)


def time_left(item: Item, on: date) -> str:
    """Say how much time is left: to the safe day while there is some, since the rolled day afterwards."""
    if urgency(item, on) is Urgency.OVERDUE:
        return f"quá hạn {workdays(-item.workdays_left)}" if item.workdays_left else "đã quá hạn"
    if item.workdays_left:
        return f"còn {workdays(item.workdays_left)}"
    if on == item.rolled_on:
        return "đến hạn hôm nay"
    last = on <= item.safe_on
    return "hôm nay là ngày làm việc cuối cùng trước hạn" if last else "không còn ngày làm việc nào trước hạn"


def entry(task: Item | Waiting, on: date, *more: Fact) -> Entry:
    """Write a task as an entry; `more` facts follow the deadline (who is in charge, who was told)."""
    name = f"{task.code} – {shorten(task.name, _NAME)}" if task.name else task.code
    facts = [Fact("Đề án", name)]
    facts += _deadline(task, on) if isinstance(task, Item) else [_waiting(task)]
    facts += more
    facts += [Fact("Làm thay", f"anh/chị {task.stand_in_for}")] if task.stand_in_for else []
    facts += [Fact("Lý do", upper_first(task.why))] if task.why else []
    return Entry(title(task), tuple(facts), tuple(_actions(task)), trace(task))


def mention_entry(mention: Mentioned) -> Entry:
    """Write a remark as an entry: who calls, on which project, and how the remark begins."""
    name = f"{mention.code} – {shorten(mention.name, _NAME)}" if mention.name else mention.code
    facts = [Fact("Đề án", name), Fact("Ngày", full_date(mention.on)), Fact("Ý kiến", shorten(mention.words, _WORDS))]
    facts += [Fact("Làm thay", f"anh/chị {mention.stand_in_for}")] if mention.stand_in_for else []
    return Entry(f"{mention.author} nhắc tới anh/chị", tuple(facts), (Action("Mở ý kiến", mention.link),))


def trace(task: Task) -> str:
    """Write what lets support and the reader find one reminder among many."""
    return f"Nhắc lần {task.ordinal} – mã {task.obligation_id}"


def _actions(task: Task) -> list[Action]:
    actions = [Action("Mở hồ sơ", task.link)]
    if task.acknowledge_link:
        actions.append(Action("Đã nắm", task.acknowledge_link))
    if task.snooze_link:
        actions.append(Action("Nhắc sau", task.snooze_link))
    return actions


def _waiting(task: Waiting) -> Fact:
    waited = f", đã {workdays(task.workdays)}" if task.workdays else ""
    return Fact("Chờ từ", f"{full_date(task.since)}{waited}")


def _deadline(item: Item, on: date) -> list[Fact]:
    aims_earlier = item.safe_on < item.rolled_on and on <= item.safe_on
    left = time_left(item, on)
    if aims_earlier:
        facts = [Fact("Hạn", full_date(item.rolled_on)), Fact("Nên xong", f"{full_date(item.safe_on)} – {left}")]
    else:
        facts = [Fact("Hạn", f"{full_date(item.rolled_on)} – {left}")]
    note = _why_two_days(item, aims_earlier)
    facts += [Fact("Ghi chú", note)] if note else []
    kind = "theo quy định" if item.statutory else "nội bộ của đơn vị"
    facts.append(Fact("Loại hạn", f"{kind} ({item.basis})" if item.basis else kind))
    facts += [Fact("Tạm tính", "Lịch nghỉ chưa xác nhận nên hạn còn có thể thay đổi.")] if item.provisional else []
    return facts


def _why_two_days(item: Item, aims_earlier: bool) -> str:
    """Explain in words why the day that holds, the day as counted and the safe day differ."""
    aim = f"xong chậm nhất {full_date(item.safe_on)} thì chắc chắn không trễ"
    if item.rolled_on != item.due_on:
        how = "được tính sang" if item.rolled_on > item.due_on else "phải xong từ"
        moved = f"Hạn rơi vào {full_date(item.due_on)} là ngày nghỉ nên {how} {full_date(item.rolled_on)}"
        return f"{moved}; {aim}." if aims_earlier else f"{moved}."
    if not aims_earlier:
        return ""
    return f"Hạn rơi vào ngày nghỉ và không được lùi; {aim}."
