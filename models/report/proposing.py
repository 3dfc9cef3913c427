"""What an office proposes in a report: written by a person beside the frozen figures, and part of what is signed.

The words are kept by the events of the report and not in its body, which nobody may change.
"""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.append import Draft, Origin, append
from models.chain import digest
from models.people import refuse_others_than
from models.queries.scope import plain_value
from models.report.rows import Report, check, issues_of
from models.stale import refuse_stale_subject
from models.subjects import row_of
from states.actions import Entry
from states.facts import Person
from states.folding import clean_text
from states.planning import ReportStatus
from states.refusal import Refused
from states.vocabulary import Role

#: A page and a half; what is longer is a paper of its own.
LONGEST = 8_000


@dataclass(frozen=True, slots=True)
class Proposals:
    """What a report proposes, who wrote it and when (ISO text)."""

    words: str
    written_by: str
    written_at: str

    def plain(self) -> dict[str, Any]:
        return {"words": self.words, "written_by": self.written_by, "written_at": self.written_at}


NONE = Proposals("", "", "")


def propose(
    session: Session, report: Report, words: str, *, by: Person, origin: Origin, seen_version: int | None = None
) -> Proposals:
    """Write what a frozen report proposes, in the place of what stood there; empty words take it back.

    Raises Refused for anybody but a coordinator, for a signed report, for one that a later issue replaces, when
    somebody wrote since the version that was seen, and when nothing changes.
    """
    refuse_others_than(by, Role.COORDINATOR)
    refuse_stale_subject(session, "report", report.id, seen_version, "Báo cáo này")
    row = row_of(session, "report", report.id, lock=True)
    check(session, report)
    label = f"{report.period.label}, lần phát hành {row['issue']}"
    if row["status"] == ReportStatus.SIGNED:
        raise Refused(
            f"Báo cáo {label} đã ký, số {row['number']}, nên không sửa đề xuất; hãy ghi vào lần phát hành sau."
        )
    latest = issues_of(session, report.programme, report.period)[-1].row["issue"]
    if latest != row["issue"]:
        raise Refused(f"Báo cáo {label} đã được thay bằng lần phát hành {latest}; hãy ghi đề xuất vào lần đó.")
    written = clean_text(words, "Đề xuất, kiến nghị")
    if len(written) > LONGEST:
        raise Refused(f"Đề xuất dài {len(written)} chữ cái, nhiều nhất {LONGEST}; hãy viết gọn hoặc gửi văn bản riêng.")
    if written == proposals_of(session, report).words:
        raise Refused("Đề xuất, kiến nghị đã ghi đúng như vậy; không có gì thay đổi.")
    draft = Draft("report", str(Entry.EDIT), report.id, row["version"], row["previous"], more={"proposals": written})
    append(session, [draft], origin)
    return proposals_of(session, report)


def proposals_of(session: Session, report: Report) -> Proposals:
    """What was written last. Raises Refused when the event that says so was changed behind the ledger's back."""
    for event in session.connection().execute(_LATER, {"id": report.id}):
        if digest(event.body) != event.hash:
            raise Refused(
                f"Sự kiện của báo cáo số {report.id} không khớp với mã băm: sổ đã bị sửa ngoài hệ thống;"
                " hãy chạy dean verify và khôi phục từ bản sao lưu."
            )
        more = json.loads(event.body)["more"]
        if "proposals" in more:
            return Proposals(more["proposals"], event.name or "", plain_value(event.recorded_at))
    return NONE


# The first event carries the frozen body, which may be long and says nothing of proposals.
_LATER = text("""
    SELECT e.body, e.hash, e.recorded_at, p.name FROM event AS e LEFT JOIN person AS p ON p.id = e.recorded_by
    WHERE e.subject_kind = 'report' AND e.subject_id = :id AND e.seq > 1 ORDER BY e.seq DESC""")
