"""The programme report: targets and money from the plan to the settlement, drawn and in figures."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from flows.jobs.papers.letters.making import PaperForm, plain
from flows.jobs.papers.sheets.frame import sheet_file, sure
from flows.jobs.papers.tables.frame import File, Occasion
from models.queries.scope import readable_by
from models.status import STEPS, programme_status
from states.refusal import Refused
from states.vocabulary import Source
from states.words import format_number, format_trieu

if TYPE_CHECKING:
    from documents.sheets import Bar, Block

_LABELS = {"planned": "Kế hoạch", "approved": "Phê duyệt", "implemented": "Thực hiện", "settled": "Quyết toán"}


def programme_file(occasion: Occasion, code: str, form: PaperForm) -> File:
    """The report of a programme. Raises Refused for an unknown one, and for a reader of a part of the province."""
    if readable_by(occasion.reader).conditions:
        raise Refused(
            "Báo cáo chương trình là số liệu của cả tỉnh, ngoài phạm vi xem của bạn; hãy nhờ điều phối viên của Sở gửi."
        )
    status = plain(programme_status(occasion.session, code, with_projects=False))
    head = status["programme"]
    number = f"Quyết định số {head['number']}" if head["number"] else ""
    span = f"giai đoạn {head['start_year']} - {head['end_year']}, {format_number(head['projects'])} đề án"
    return sheet_file(
        occasion,
        "programme-report",
        code,
        form,
        title="Báo cáo thực hiện chương trình khuyến công",
        subtitles=[head["name"], sure(f"{f'{number}, ' if number else ''}{span}", head["verified"])],
        blocks=[*_money(status), *_targets(status["targets"])],
    )


def _money(status: Mapping[str, Any]) -> Iterator["Block"]:
    from documents.sheets import Bars, Heading, Table

    yield Heading("Kinh phí (đồng)")
    rows = [(source.label, status["money"][str(source)]) for source in Source]
    yield Table(
        ("Nguồn", "Dự toán chương trình", *_LABELS.values()),
        (16, 18, 17, 17, 17, 17),
        ("left", *("right",) * 5),
        [_figures(label, sums, "budget") for label, sums in rows],
        total=_figures("Tổng cộng", status["money"]["total"], "budget"),
    )
    for label, sums in rows:
        scale = max(sums["budget"] or 0, *(sums[step] for step in STEPS))
        if scale:
            yield Bars(
                label, _bars(sums, scale, format_trieu), _told(label, sums, format_trieu), _goal(sums["budget"], scale)
            )
    yield Heading("Kinh phí theo nội dung (đồng, cả đối ứng)")
    yield Table(
        ("Nội dung", "Dự toán chương trình", *_LABELS.values()),
        (34, 17, 16, 16, 16, 16),
        ("left", *("right",) * 5),
        [_figures(f"{row['no']}. {row['name']}", row["money"]["total"], "budget") for row in status["contents"]],
        size=8.5,
    )


def _targets(targets: list[dict[str, Any]]) -> Iterator["Block"]:
    from documents.sheets import Bars, Heading, Table, Words

    yield Heading("Chỉ tiêu")
    yield Words("Vạch đỏ là chỉ tiêu của chương trình; số liệu của từng thanh ở bảng tiếp theo.", quiet=True)
    for row in targets:
        goal = row["quantity"]
        scale = max(goal or 0, *(row[step] for step in STEPS))
        if scale:
            title = f"{row['code']}. {row['name']} ({row['unit']})"
            yield Bars(title, _bars(row, scale, format_number), _told(title, row, format_number), _goal(goal, scale))
    yield Heading("Bảng chỉ tiêu")
    yield Table(
        ("Mã", "Chỉ tiêu", "Đơn vị", "Chỉ tiêu của chương trình", *_LABELS.values(), "Đạt"),
        (8, 36, 10, 13, 11, 11, 11, 11, 10),
        ("left", "left", "left", *("right",) * 6),
        [_target(row) for row in targets],
        size=9,
    )


def _target(row: Mapping[str, Any]) -> tuple[str, ...]:
    percent = "" if row["percent"] is None else f"{row['percent']}%"
    goal = _range(row)
    return (
        row["code"],
        row["name"],
        row["unit"],
        goal,
        *(format_number(row[step]) for step in STEPS),
        percent,
    )


def _range(row: Mapping[str, Any]) -> str:
    if row["quantity"] is not None:
        return format_number(row["quantity"])
    ends = [format_number(end) for end in (row["quantity_min"], row["quantity_max"]) if end is not None]
    return " - ".join(ends) or "không nêu số"


def _figures(label: str, sums: Mapping[str, Any], goal: str) -> tuple[str, ...]:
    return (label, _or_none(sums[goal]), *(format_number(sums[step]) for step in STEPS))


def _or_none(amount: int | None) -> str:
    return "chưa phân bổ" if amount is None else format_number(amount)


def _bars(sums: Mapping[str, Any], scale: int, say: Any) -> list["Bar"]:
    from documents.sheets import Bar

    return [Bar(_LABELS[step], say(sums[step]), sums[step] * 1000 // scale) for step in STEPS]


def _goal(goal: int | None, scale: int) -> int | None:
    return None if not goal else goal * 1000 // scale


def _told(title: str, sums: Mapping[str, Any], say: Any) -> str:
    return f"{title}: {', '.join(f'{_LABELS[step].lower()} {say(sums[step])}' for step in STEPS)}"
