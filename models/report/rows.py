"""Frozen reports as they stand in the register, proven to be what was frozen before anybody reads them."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.chain import digest
from models.queries.scope import plain_row, readable_by
from models.report.figures import Programme, programme_of
from states.facts import OFFICE_TIME, Person
from states.periods import Period, PeriodKind
from states.planning import ReportStatus
from states.refusal import Refused


@dataclass(frozen=True, slots=True)
class Report:
    """A frozen report as it stands in the register; `row` are its columns with days as ISO text."""

    programme: Programme
    row: dict[str, Any]

    @property
    def id(self) -> int:
        return int(self.row["id"])

    @property
    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(self.row["body"])
        return body

    @property
    def period(self) -> Period:
        told = self.body["period"]
        first, last = (date.fromisoformat(told[name]) for name in ("first", "last"))
        return Period(PeriodKind(told["kind"]), first, last, told["label"], told["basis"], told["doubt"])

    @property
    def frozen_on(self) -> date:
        return _local_day(self.row["frozen_at"])

    def head(self) -> dict[str, Any]:
        """Everything about the report but its figures."""
        kind, status = PeriodKind(self.row["kind"]), ReportStatus(self.row["status"])
        names = ("first_on", "last_on", "issue", "cutoff_event", "number", "signer", "signed_on", "sha256")
        return {
            "report": self.id,
            "programme": self.programme.code,
            "kind": str(kind),
            "kind_label": kind.label,
            "label": self.body["period"]["label"],
            **{name: self.row[name] for name in names},
            "status": str(status),
            "status_label": status.label,
            "due": self.body["due"],
            "frozen_at": self.row["frozen_at"],
            "frozen_by": self.row["frozen_by"],
        }


def read_report(
    session: Session, code: str, reported: Period, *, issue: int | None = None, reader: Person | None = None
) -> Report:
    """The latest issue of a period, or the one named, after proving that it is what was frozen.

    Raises Refused where there is none, for a reader who sees only part of the province, and for a body that was
    changed behind the ledger's back.
    """
    refuse_limited(reader)
    issues = issues_of(session, programme_of(session, code), reported)
    if not issues:
        raise Refused(f"Chưa chốt báo cáo {reported.label}; hãy chốt bằng dean report freeze.")
    if issue is not None and issue > len(issues):
        raise Refused(f"Báo cáo {reported.label} có {len(issues)} lần phát hành; hãy ghi --issue trong số đó.")
    report = issues[-1 if issue is None else issue - 1]
    check(session, report)
    return report


def report_numbered(session: Session, number: int, *, reader: Person | None = None) -> Report:
    """One report by its number, after the same proofs. Raises Refused as `read_report` does."""
    refuse_limited(reader)
    rows = session.connection().execute(text(_REPORTS.format(where="r.id = :id")), {"id": number}).mappings()
    found = [_report(row) for row in rows]
    if not found:
        raise Refused(f"Không có báo cáo số {number}; hãy xem danh sách báo cáo đã chốt.")
    check(session, found[0])
    return found[0]


def refuse_limited(reader: Person | None) -> None:
    """Refuse a reader whose scope leaves out some projects: a report is about all of them."""
    if reader is not None and readable_by(reader).conditions:
        raise Refused(
            f"Báo cáo nói về đề án của cả tỉnh, {reader.name} ({reader.role.label}) chỉ xem một phần;"
            " hãy hỏi điều phối viên của Sở."
        )


def check(session: Session, report: Report) -> None:
    """Refuse a report that no longer is what the event of its freeze says, byte for byte."""
    event = session.connection().execute(_FROZEN_BY, {"id": report.id}).one_or_none()
    row, said = report.row, {}
    if event is not None and digest(event.body) == event.hash:
        said = json.loads(event.body)["set"]
    if not (said.get("body") == row["body"] and digest(row["body"]) == row["sha256"] == said.get("sha256")):
        raise Refused(
            f"Nội dung báo cáo số {report.id} không khớp với mã băm lúc chốt: sổ đã bị sửa ngoài hệ thống;"
            " hãy chạy dean verify và khôi phục từ bản sao lưu."
        )


_FROZEN_BY = text("SELECT body, hash FROM event WHERE id = :id AND subject_kind = 'report'")


def list_reports(session: Session, code: str | None = None) -> list[dict[str, Any]]:
    """The heads of the reports of one programme or of all, the newest period first.

    Raises Refused as `read_report` does when one of them was changed.
    """
    wanted = None if code is None else programme_of(session, code).id
    rows = session.connection().execute(text(_REPORTS.format(where=_OF_PROGRAMME)), {"programme": wanted}).mappings()
    reports = [_report(row) for row in rows]
    for report in reports:
        check(session, report)
    return [report.head() for report in reports]


def issues_of(session: Session, programme: Programme, reported: Period) -> list[Report]:
    wanted = {
        "programme": programme.id,
        "kind": str(reported.kind),
        "first": reported.first.isoformat(),
        "last": reported.last.isoformat(),
    }
    rows = session.connection().execute(text(_REPORTS.format(where=_OF_PERIOD)), wanted).mappings()
    return sorted((_report(row) for row in rows), key=lambda report: int(report.row["issue"]))


def issues_beside(session: Session, report: Report) -> list[Report]:
    """Every issue of the same period, this one too, the first one first."""
    return issues_of(session, report.programme, report.period)


_OF_PROGRAMME = "CAST(:programme AS BIGINT) IS NULL OR r.programme_id = :programme"
_OF_PERIOD = "r.programme_id = :programme AND r.kind = :kind AND r.first_on = :first AND r.last_on = :last"
_REPORTS = """
    SELECT r.*, g.code AS programme, g.name AS programme_name, g.start_year, g.end_year,
           e.recorded_at AS frozen_at, e.recorded_by AS frozen_by_id, p.name AS frozen_by
    FROM report AS r JOIN programme AS g ON g.id = r.programme_id
    LEFT JOIN event AS e ON e.id = r.id LEFT JOIN person AS p ON p.id = e.recorded_by
    WHERE {where} ORDER BY r.last_on DESC, r.first_on, r.issue DESC"""


def _report(row: Any) -> Report:
    told = plain_row(row)
    programme = Programme(
        told["programme_id"], told["programme"], told["programme_name"], told["start_year"], told["end_year"]
    )
    return Report(programme, told)


def _local_day(instant: str) -> date:
    return datetime.fromisoformat(instant).astimezone(OFFICE_TIME).date()
