"""The proof sheet of a deadline: each day counted or skipped, so that an inspector can count again by hand."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from flows.jobs.papers.letters.making import PaperForm, plain
from flows.jobs.papers.sheets.frame import day, sheet_file, sure
from flows.jobs.papers.tables.frame import File, Occasion
from models.queries import refuse_hidden, show_project
from models.queries.deadlines import deadline_proof
from states.actions import Action
from states.steps import STEP
from states.words import format_number

if TYPE_CHECKING:
    from documents.sheets import Block

_STATUS = {"open": "đang chạy", "paused": "tạm dừng, chưa có ngày hết hạn", "closed": "đã xong"}
_MARKS = {"printed": "hạn theo cách đếm", "rolled": "hạn", "safe": "ngày an toàn"}
_IN_TIME = {True: " (đúng hạn)", False: " (trễ hạn)", None: ""}


def proof_file(occasion: Occasion, code: str, form: PaperForm, clock: str | None = None) -> File:
    """The proof of one deadline of a project, or of all. Raises Refused where there is none, and for hidden ones."""
    refuse_hidden(occasion.session, code, occasion.reader)
    sheet = show_project(occasion.session, code, reader=occasion.reader)
    proofs = plain(deadline_proof(occasion.session, code, clock and clock.upper()))
    return sheet_file(
        occasion,
        "proof",
        f"{code} {clock or ''}",
        form,
        title="Bảng chứng minh thời hạn",
        subtitles=[f"{code}: {sheet['name']}"],
        blocks=[block for proof in proofs for block in _blocks(proof)],
    )


def _blocks(proof: dict[str, Any]) -> Iterator["Block"]:
    from documents.sheets import Facts, Heading, Table, Words

    yield Heading(f"{proof['label']} ({proof['rule']})")
    ended = f"{day(proof['stopped_on'])}{_IN_TIME[proof['in_time']]}" if proof["stopped_on"] else ""
    facts = (
        ("Căn cứ", sure(f"{proof['basis']} ({proof['standing']})", proof["verified"])),
        ("Tình trạng", _STATUS[proof["status"]]),
        ("Bắt đầu", f"{day(proof['started_on'])} (ngày này không tính)"),
        ("Hạn theo cách đếm", day(proof["printed_on"])),
        ("Hạn", day(proof["rolled_on"])),
        ("Ngày an toàn", day(proof["safe_on"])),
        ("Đã tạm dừng", f"{proof['paused']} ngày" if proof["paused"] else ""),
        ("Kết thúc", ended),
    )
    yield Facts([(name, value) for name, value in facts if value])
    yield Heading("Sự kiện đã làm đồng hồ chạy, dừng")
    yield Table(
        ("Ngày", "Bước", "Số văn bản", "Người ghi", "Sự kiện"),
        (14, 36, 20, 22, 8),
        ("left", "left", "left", "left", "right"),
        [
            (
                day(event["decided_on"]),
                STEP[Action(event["action"])].label,
                event["number"] or "",
                event["recorded_by"] or "hệ thống",
                event["id"] or "",
            )
            for event in proof["events"]
        ],
    )
    for warning in proof["warnings"]:
        yield Words(f"Lưu ý: {warning}")
    if proof["days"]:
        yield Heading("Từng ngày")
        yield _days(proof["days"])


def _days(days: list[dict[str, Any]]) -> "Block":
    from documents.sheets import Table

    return Table(
        ("Ngày", "Thứ", "Đếm", "Lý do", "Căn cứ", "Ghi chú"),
        (13, 11, 9, 34, 21, 12),
        ("left", "left", "right", "left", "left", "left"),
        [
            (
                day(row["date"]),
                row["weekday"],
                format_number(row["ordinal"]) if row["ordinal"] else "bỏ qua",
                row["reason"],
                sure(row["basis"], row["verified"]) if row["basis"] else "",
                ", ".join(_MARKS[mark] for mark in row["marks"]),
            )
            for row in days
        ],
        shaded=[no for no, row in enumerate(days) if not row["counted"]],
        size=9,
    )
