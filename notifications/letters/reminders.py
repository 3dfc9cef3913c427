"""The letters about tasks: the morning digest, one urgent task at once, and overdue tasks to the supervisor."""

from collections.abc import Sequence
from datetime import date

from notifications.letters.entries import Urgency, entry, mention_entry, ranked, time_left, title, urgency
from notifications.letters.events import calendar_files
from notifications.letters.page import Fact, Letter, Page, Section, Tone
from notifications.letters.printing import footer, greeting, print_letter
from notifications.letters.values import Cover, Digest, Escalated, Item, Waiting
from notifications.letters.words import full_date, short_date, shorten, upper_first
from notifications.message import BadMessage

# A subject of more than about 120 letters is cut by every list of mails, in the middle of the code.
_TASK, _CODE, _KINDS = 80, 40, 2


def write_digest(digest: Digest) -> Letter:
    """Write the morning letter: what is overdue first, what merely waits last."""
    found = ranked(digest.items, digest.on)
    page = Page(
        subject=f"{count_tasks(digest, _KINDS)} – {short_date(digest.on)}",
        greeting=greeting(digest),
        opening=(f"Hôm nay, {full_date(digest.on)}, anh/chị có {count_tasks(digest)}.",),
        sections=tuple(
            Section(f"{each.title} ({len(items)})", each.tone, tuple(entry(item, digest.on) for item in items))
            for each, items in found
        )
        + _mentions(digest),
        closing=_closing(digest.items) if digest.items else (),
        office_name=digest.office_name,
        footer=footer(digest),
    )
    return print_letter(page, digest, calendar_files(digest.items, digest.created_at), _threads(digest.items))


def count_tasks(digest: Digest, kinds: int | None = None) -> str:
    """Count the tasks, and how many there are of each kind, or of the most urgent kinds only; then the remarks."""
    called = f"{len(digest.mentions)} ý kiến nhắc tới anh/chị"
    if not digest.items:
        return called
    tasks = _count_items(digest, kinds)
    return f"{tasks}; {called}" if digest.mentions and kinds is None else tasks


def _count_items(digest: Digest, kinds: int | None) -> str:
    counted = [(len(items), _counted(each, items, digest.on)) for each, items in ranked(digest.items, digest.on)]
    total = f"{len(digest.items)} việc khuyến công"
    if len(counted) == 1:
        return f"{total} {counted[0][1]}"
    return f"{total}: {', '.join(f'{count} {words}' for count, words in counted[:kinds])}"


def _mentions(digest: Digest) -> tuple[Section, ...]:
    """The remarks that call the reader, the oldest first, after everything that has a day."""
    if not digest.mentions:
        return ()
    return (
        Section(
            f"Được nhắc tới ({len(digest.mentions)})", Tone.CALM, tuple(mention_entry(one) for one in digest.mentions)
        ),
    )


def write_urgent(item: Item | Waiting, cover: Cover) -> Letter:
    """Write about one task that does not wait for the morning."""
    state = urgency(item, cover.on)
    left = time_left(item, cover.on) if isinstance(item, Item) else state.counted
    page = Page(
        subject=f"{upper_first(left)}: {_named(item)}",
        greeting=greeting(cover),
        opening=(_URGENT[state],),
        sections=(Section(state.title, state.tone, (entry(item, cover.on),)),),
        closing=_closing((item,)),
        office_name=cover.office_name,
        footer=footer(cover),
    )
    return print_letter(page, cover, calendar_files((item,), cover.created_at), _threads((item,)))


def write_escalation(cases: tuple[Escalated, ...], cover: Cover) -> Letter:
    """Tell the supervisor which tasks are overdue, who is in charge, and when that person was reminded.

    Carries no calendar file: the deadlines are not the reader's own. Raises BadMessage when there is no case.
    """
    if not cases:
        raise BadMessage("Thư báo cấp trên không có việc nào; không soạn thư trống.")
    case_of: dict[Item | Waiting, Escalated] = {case.item: case for case in cases}
    found = ranked(tuple(case_of), cover.on)
    page = Page(
        subject=_escalated(cases, cover),
        greeting=greeting(cover),
        opening=(_overdue(cases),),
        sections=tuple(
            Section(
                f"{each.title} ({len(items)})",
                each.tone,
                tuple(entry(item, cover.on, *_told(case_of[item])) for item in items),
            )
            for each, items in found
        ),
        closing=("Kính đề nghị anh/chị xem xét, chỉ đạo.",),
        office_name=cover.office_name,
        footer=footer(cover),
    )
    return print_letter(page, cover, references=_threads(tuple(case_of)))


_URGENT = {
    Urgency.OVERDUE: "Việc dưới đây đã quá hạn, mong anh/chị xử lý ngay.",
    Urgency.TODAY: "Việc dưới đây cần xong trong hôm nay, mong anh/chị ưu tiên xử lý.",
    Urgency.NEAR: "Việc dưới đây sắp đến hạn, mong anh/chị sắp xếp xử lý sớm.",
    Urgency.FAR: "Việc dưới đây sắp đến hạn, mong anh/chị sắp xếp xử lý sớm.",
    Urgency.CALM: "Việc dưới đây đang chờ anh/chị xử lý.",
}


def _named(task: Item | Waiting) -> str:
    return f"{shorten(title(task), _TASK)} – {shorten(task.code, _CODE)}"


def _counted(each: Urgency, items: Sequence[Item | Waiting], on: date) -> str:
    """Say what a count counts; a safe day that is not the deadline itself is not called “đến hạn”."""
    if each is Urgency.TODAY and any(isinstance(item, Item) and item.rolled_on != on for item in items):
        return "cần xong hôm nay"
    return each.counted


def _closing(items: Sequence[Item | Waiting]) -> tuple[str, ...]:
    closing = ["Việc nào đã xong, mong anh/chị ghi kết quả vào hệ thống để không bị nhắc lại."]
    if any(item.acknowledge_link or item.snooze_link for item in items):
        closing.append("Chưa làm được ngay, anh/chị có thể bấm “Đã nắm” hoặc “Nhắc sau”.")
    return tuple(closing)


def _threads(items: Sequence[Item | Waiting]) -> tuple[str, ...]:
    """Name the thread of the project; a letter about several projects belongs to none of their threads."""
    codes = {item.code for item in items}
    return (f"project:{codes.pop()}",) if len(codes) == 1 else ()


def _escalated(cases: Sequence[Escalated], cover: Cover) -> str:
    if len(cases) == 1:
        item = cases[0].item
        return f"{upper_first(time_left(item, cover.on))}: {_named(item)}"
    return f"{len(cases)} việc khuyến công quá hạn cần anh/chị chỉ đạo – {short_date(cover.on)}"


def _overdue(cases: Sequence[Escalated]) -> str:
    """Say what is known; that people were reminded only when each was reached at least once."""
    tasks = "Việc dưới đây" if len(cases) == 1 else f"{len(cases)} việc dưới đây"
    if all(any(told.arrived for told in case.told) for case in cases):
        return f"{tasks} đã quá hạn. Người phụ trách đã được nhắc nhưng chưa ghi kết quả trên hệ thống."
    return f"{tasks} đã quá hạn và chưa có kết quả trên hệ thống."


def _told(case: Escalated) -> list[Fact]:
    sent = [
        f"{short_date(told.on)} qua {told.channel}{'' if told.arrived else ' (không gửi được)'}" for told in case.told
    ]
    facts = [Fact("Phụ trách", f"anh/chị {case.owner_name}")]
    facts.append(Fact("Đã nhắc", f"{len(sent)} lần: {', '.join(sent)}" if sent else "chưa lần nào"))
    if case.acknowledged_on:
        facts.append(Fact("Trả lời", f"đã báo “Đã nắm” ngày {short_date(case.acknowledged_on)}"))
    return facts
