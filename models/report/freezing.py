"""Reports with a cut-off: freeze the figures of a period, and sign them.

A frozen report is canonical JSON under its SHA-256. What is entered later never changes it; it shows as differences
(`models.report.differences`), or as the next issue of the same period.
"""

from datetime import date
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.append import Draft, Origin, append
from models.chain import canonical, digest, plain
from models.people import refuse_others_than
from models.report.figures import Programme, figures, labels, programme_of
from models.report.lines import METHOD
from models.report.rows import Report, check, issues_of, read_report
from models.rulebook import rulebook
from models.subjects import row_of
from states.actions import Entry
from states.facts import OFFICE_TIME, Person
from states.periods import DUE_BASIS, Period, PeriodKind, due_on
from states.planning import ReportStatus
from states.refusal import Refused
from states.vocabulary import Role
from states.words import format_date

FORM = 1


def freeze(session: Session, code: str, reported: Period, *, by: Person, origin: Origin) -> Report:
    """Freeze the figures of a period as they are known now; a second time it is the next issue.

    Raises Refused for anybody but a coordinator, before the last day of the period, for a period before the
    programme, and when the latest issue already says the same.
    """
    refuse_others_than(by, Role.COORDINATOR)
    programme = programme_of(session, code)
    frozen_on = origin.at.astimezone(OFFICE_TIME).date()
    _refuse_unfit(programme, reported, frozen_on)
    _lock(session, programme)
    cutoff = head_event(session)
    found = figures(session, programme, reported, cutoff_event=cutoff)
    issues = issues_of(session, programme, reported)
    for earlier in issues:
        check(session, earlier)
    if issues and issues[-1].body["figures"] == found:
        raise Refused(
            f"Số liệu {reported.label} không đổi so với lần phát hành {len(issues)} (chốt ngày"
            f" {format_date(issues[-1].frozen_on)}); hãy dùng lại báo cáo đó (dean report show)."
        )
    body = canonical(plain(_body(session, programme, reported, found, len(issues) + 1, cutoff, frozen_on)))
    values = {
        "programme_id": programme.id,
        "kind": str(reported.kind),
        "first_on": reported.first,
        "last_on": reported.last,
        "issue": len(issues) + 1,
        "status": str(ReportStatus.FROZEN),
        "cutoff_event": cutoff,
        "number": "",
        "signer": "",
        "signed_on": None,
        "body": body,
        "sha256": digest(body),
    }
    append(session, [Draft("report", str(Entry.OPEN), set=values)], origin)
    return read_report(session, code, reported)


def _refuse_unfit(programme: Programme, reported: Period, today: date) -> None:
    years = (programme.start_year, programme.end_year)
    if reported.kind is PeriodKind.PROGRAMME and (reported.first.year, reported.last.year) != years:
        raise Refused(f"Chương trình {programme.code} là giai đoạn {years[0]}-{years[1]}; hãy gõ đúng giai đoạn đó.")
    if reported.last < date(programme.start_year, 1, 1):
        raise Refused(
            f"Kỳ {reported.label} ở trước chương trình {programme.code} ({years[0]}–{years[1]}); hãy chọn kỳ hoặc"
            " chương trình khác (--programme)."
        )
    if today < reported.last:
        raise Refused(
            f"Kỳ {reported.label} đến ngày {format_date(reported.last)} mới hết; hãy chốt số liệu từ ngày đó."
        )


def _lock(session: Session, programme: Programme) -> None:
    """Of two people who freeze at once the second waits, and then gets the next issue; nor is one signed meanwhile."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(_LOCK, {"id": programme.id})


_LOCK = text("SELECT id FROM programme WHERE id = :id FOR NO KEY UPDATE")


def head_event(session: Session) -> int:
    """The number of the last event that everybody can see."""
    return int(session.connection().execute(text("SELECT last_event_id FROM ledger_head")).scalar_one())


def _body(
    session: Session,
    programme: Programme,
    reported: Period,
    found: dict[str, Any],
    issue: int,
    cutoff: int,
    frozen_on: date,
) -> dict[str, Any]:
    return {
        "form": FORM,
        "programme": programme.plain(),
        "period": {
            "kind": reported.kind,
            "label": reported.label,
            "first": reported.first,
            "last": reported.last,
            "basis": reported.basis,
            "doubt": reported.doubt,
        },
        "issue": issue,
        "cutoff_event": cutoff,
        "cutoff_on": reported.cutoff,
        "frozen_on": frozen_on,
        "due": _due(session, reported),
        "method": list(METHOD),
        "labels": labels(session, programme),
        "figures": found,
        # What to propose is for a person to write.
        "proposals": "",
    }


def _due(session: Session, reported: Period) -> dict[str, Any] | None:
    """When the report is due; no decree says so for the report on a whole programme."""
    if reported.kind is PeriodKind.PROGRAMME:
        return None
    due = due_on(reported, rulebook(session).calendar)
    return {"on": due.rolled_on, "safe_on": due.safe_on, "provisional": int(due.provisional), "basis": DUE_BASIS}


# --- signing ------------------------------------------------------------------------------------------


def sign(
    session: Session,
    report: Report,
    *,
    number: str,
    signed_on: date,
    signer: str,
    by: Person,
    origin: Origin,
) -> Report:
    """Record the leader's signature under a frozen report; from now on it is final.

    Raises Refused for anybody but a leader, for the person who froze it, for one signed or replaced by a later
    issue, for a day before the freeze or to come, and where the body is no longer the one that was frozen.
    """
    refuse_others_than(by, Role.LEADER)
    _lock(session, report.programme)
    row = row_of(session, "report", report.id, lock=True)
    label = f"{report.period.label}, lần phát hành {row['issue']}"
    check(session, report)
    if row["status"] == ReportStatus.SIGNED:
        raise Refused(f"Báo cáo {label} đã ký, số {row['number']}; muốn đổi số liệu, hãy chốt lần phát hành sau.")
    reasons = _against_signing(session, report, label, signed_on, by, origin)
    if reasons:
        raise Refused(*reasons)
    values = {"status": str(ReportStatus.SIGNED), "number": number, "signer": signer, "signed_on": signed_on}
    draft = Draft(
        "report",
        str(Entry.EDIT),
        report.id,
        row["version"],
        row["previous"],
        set=values,
        was={column: row[column] for column in values},
        decided_on=signed_on,
        number=number,
        signer=signer,
    )
    append(session, [draft], origin)
    return read_report(session, report.programme.code, report.period, issue=row["issue"])


def _against_signing(
    session: Session, report: Report, label: str, signed_on: date, by: Person, origin: Origin
) -> list[str]:
    reasons = []
    latest = issues_of(session, report.programme, report.period)[-1].row["issue"]
    if latest != report.row["issue"]:
        reasons.append(f"Báo cáo {label} đã được thay bằng lần phát hành {latest}; hãy ký lần đó.")
    if report.row["frozen_by_id"] == by.id:
        reasons.append(f"{by.name} đã chốt số liệu báo cáo này; hãy để lãnh đạo khác ghi việc ký.")
    if signed_on < report.frozen_on:
        reasons.append(
            f"Ngày ký {format_date(signed_on)} ở trước ngày chốt số liệu {format_date(report.frozen_on)};"
            " hãy ghi ngày trên văn bản đã ký."
        )
    if signed_on > origin.at.astimezone(OFFICE_TIME).date():
        reasons.append(f"Ngày ký {format_date(signed_on)} chưa đến; hãy ghi khi văn bản đã ký.")
    return reasons
