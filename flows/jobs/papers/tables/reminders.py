"""The ledger of reminders as a table: who was told what, when, over which channel, and why not."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from flows.jobs.papers.tables.frame import Occasion, Table, cut_off_now, day_of, limited, local_day_of
from models.queries.scope import LARGEST_PAGE, readable_by
from models.reminders.reports import told, told_counts
from states.posting import ObligationStatus
from states.refusal import Refused
from states.words import format_date, format_number

if TYPE_CHECKING:
    from documents.tables import Row, Sheet


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which reminders: of the days from `since` to `until`, of a person, of a project, by a rule, ended somehow."""

    since: date | None = None
    until: date | None = None
    who: str | None = None
    project: str | None = None
    rule: str | None = None
    status: ObligationStatus | None = None


def reminders_table(occasion: Occasion, wanted: Wanted, *, at_most: int | None = None) -> Table:
    """What became of every reminder of a choice, newest first.

    Raises Refused for an unknown person or project, and for more reminders than `at_most`.
    """
    asked = asdict(wanted)
    status = asked.pop("status")
    counts = told_counts(occasion.session, **asked, reader=occasion.reader)
    if status is not None:
        counts = {str(status): counts[status]}
    if at_most is not None and (number := sum(counts.values())) > at_most:
        raise Refused(
            f"Có {format_number(number)} lần nhắc; trang tải nhiều nhất {format_number(at_most)}. Hãy chọn khoảng ngày "
            "ngắn hơn, hoặc nhờ quản trị tải bằng lệnh dean export reminders trên máy chủ."
        )

    def read() -> Iterator[dict[str, Any]]:
        offset = 0
        while True:
            more: dict[str, Any] = {"status": status, "reader": occasion.reader}
            rows = told(occasion.session, **asked, **more, limit=LARGEST_PAGE, offset=offset)
            yield from rows
            if len(rows) < LARGEST_PAGE:
                return
            offset += LARGEST_PAGE

    reader = occasion.reader
    limited_to = reader.name if reader is not None and readable_by(reader).conditions else None
    return Table(
        "reminders",
        "so-nhac-viec",
        occasion,
        cut_off_now(occasion.session),
        lambda: (_ledger(wanted, limited_to, read()), _counts(wanted, limited_to, counts)),
        lambda: {"filters": _plain(wanted), "limited_to": limited_to, "counts": counts, "rows": read()},
    )


def _plain(wanted: Wanted) -> dict[str, Any]:
    return {name: value for name, value in asdict(wanted).items() if value is not None}


def _words(wanted: Wanted, limited_to: str | None) -> tuple[str, ...]:
    days = [f"từ ngày {format_date(wanted.since)}"] if wanted.since else []
    days += [f"đến ngày {format_date(wanted.until)}"] if wanted.until else []
    told_by = [f"của {wanted.who}"] if wanted.who else []
    told_by += [f"đề án {wanted.project}"] if wanted.project else []
    told_by += [f"mốc nhắc {wanted.rule}"] if wanted.rule else []
    told_by += [wanted.status.label.lower()] if wanted.status else []
    words = ", ".join([*days, *told_by])
    return (*([f"{words[0].upper()}{words[1:]}"] if words else []), *limited(limited_to))


def _ledger(wanted: Wanted, limited_to: str | None, rows: Iterable[Mapping[str, Any]]) -> "Sheet":
    from documents.tables import Column, Group, Kind, Sheet

    return Sheet(
        name="Sổ nhắc việc",
        titles=("Báo cáo nhắc việc",),
        subtitles=_words(wanted, limited_to),
        columns=(
            Column("no", "STT", Kind.WHOLE, 5),
            Column("swept_on", "Ngày", Kind.DATE, 11),
            Column("name", "Người phụ trách", width=18),
            Column("read_by", "Người đọc thay", width=16),
            Column("project", "Mã đề án", width=17),
            Column("project_name", "Tên đề án", width=32),
            Column("due_on", "Hạn", Kind.DATE, 11),
            Column("rule", "Mốc nhắc", width=24),
            Column("status", "Kết quả", width=16),
            Column("told_on", "Ngày gửi", Kind.DATE, 11),
            Column("channel", "Kênh", width=12),
            Column("attempts", "Số lần gửi", Kind.WHOLE, 7),
            Column("reason", "Lý do", width=30),
        ),
        groups=iter([Group(_row(number, row) for number, row in enumerate(rows, start=1))]),
        frozen=3,
    )


def _row(number: int, row: Mapping[str, Any]) -> "Row":
    instead = row["read_by_name"] if row["read_by"] != row["person"] else None
    return (
        *(number, day_of(row["swept_on"]), row["name"], instead, row["project"], row["project_name"]),
        *(day_of(row["due_on"]), row["rule_label"], row["status_label"], local_day_of(row["told_at"])),
        *(row["channel_label"], len(row["attempts"]) or None, row["reason"] or row["detail"]),
    )


def _counts(wanted: Wanted, limited_to: str | None, counts: Mapping[str, int]) -> "Sheet":
    from documents.tables import Column, Group, Kind, Sheet

    rows = [(ObligationStatus(code).label, number) for code, number in counts.items()]
    return Sheet(
        name="Tổng hợp",
        titles=("Tổng hợp nhắc việc theo kết quả",),
        subtitles=_words(wanted, limited_to),
        columns=(Column("status", "Kết quả", width=60), Column("n", "Số lần nhắc", Kind.NUMBER, 20, summed=True)),
        groups=iter([Group(rows)]),
    )
