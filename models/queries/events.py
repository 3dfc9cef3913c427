"""The ledger across all subjects: who recorded what, when, about which project, contract, plan, rule or person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import bindparam, text
from sqlmodel import Session

from models.chain import digest
from models.codes import id_of
from models.columns import instant_text
from models.queries.histories import ENTRY_LABELS
from models.queries.scope import PAGE, Where, plain_row
from models.statement import Statement
from states.actions import Action, Entry
from states.facts import OFFICE_TIME
from states.refusal import Refused
from states.steps import STEP
from states.vocabulary import Stage

#: Events that one page looks through: conditions that fit few of them must not read the whole ledger at once.
WINDOW = 20_000

#: What a subject is called, and the expression by which one of them is named, on its row `s`.
_KINDS: Mapping[str, tuple[str, str]] = {
    "project": ("Đề án", "s.code"),
    "contract": ("Hợp đồng", "s.number"),
    "decision": ("Quyết định", "s.number"),
    "adjustment": ("Đề nghị điều chỉnh", "(SELECT p.code FROM project AS p WHERE p.id = s.project_id)"),
    "plan": ("Kế hoạch năm", "CAST(s.year AS TEXT) || ', ' || s.route"),
    "plan_fork": ("Phương án kế hoạch", "s.name"),
    "report": ("Báo cáo", "s.kind || ' ' || CAST(s.first_on AS TEXT)"),
    "comment": ("Ý kiến", "(SELECT p.code FROM project AS p WHERE p.id = s.project_id)"),
    "programme": ("Chương trình", "s.code"),
    "publication": ("Trang công khai", "(SELECT g.code FROM programme AS g WHERE g.id = s.programme_id)"),
    "import_file": ("Tệp nhập vào", "s.file_name"),
    "letter_template": ("Mẫu văn bản", "s.kind"),
    "beneficiary": ("Đơn vị thụ hưởng", "s.name"),
    "person": ("Người dùng", "s.name"),
    "unit": ("Đơn vị", "s.name"),
    "stand_in": ("Người thay", "(SELECT n.name FROM person AS n WHERE n.id = s.person_id)"),
    "preference": ("Cách nhận nhắc việc", "(SELECT n.name FROM person AS n WHERE n.id = s.person_id)"),
    "acknowledgement": ("Trả lời nhắc việc", "(SELECT n.name FROM person AS n WHERE n.id = s.person_id)"),
    "calendar": ("Lịch làm việc", "s.jurisdiction"),
    "deadline_rule": ("Quy định thời hạn", "s.code"),
    "ceiling_rule": ("Định mức hỗ trợ", "s.code"),
    "prepayment_rule": ("Mức tạm ứng", "s.code"),
    "priority_rule": ("Mức ưu tiên", "s.code"),
    "reminder_rule": ("Mốc nhắc", "s.code"),
    "place": ("Đơn vị hành chính", "s.kind || ' ' || s.name"),
    "body": ("Cơ quan", "s.name"),
    "register": ("Sổ", "s.title"),
}
KIND_LABELS = {kind: label for kind, (label, _) in _KINDS.items()}
#: Entries, and then every step of the lifecycle, with what they are called.
ACTION_LABELS = {str(entry): ENTRY_LABELS[entry] for entry in Entry} | {str(a): STEP[a].label for a in Action}
#: Of other subjects than projects, whose entries have names of their own.
_OTHER_ENTRIES = {str(Entry.OPEN): "Ghi mới", str(Entry.EDIT): "Ghi tiếp", str(Entry.CORRECT): "Sửa"}


@dataclass(frozen=True, slots=True)
class Events:
    """One page of events, the newest first. `onward` is the event before which the next page begins, None at the end.

    `looked_to` is the oldest event that was looked at: a page may be short although older events fit.
    """

    rows: list[dict[str, Any]]
    onward: int | None
    looked_to: int


def events(
    session: Session,
    *,
    kind: str | None = None,
    subject_id: int | None = None,
    who: str | None = None,
    action: str | None = None,
    since: date | None = None,
    until: date | None = None,
    before: int | None = None,
    limit: int = PAGE,
) -> Events:
    """One page of the ledger; days are those of the entry. For readers of everything: nothing is hidden from them.

    Raises Refused for an unknown person or kind of subject.
    """
    where = _wanted(session, kind, subject_id, who, action)
    first, end = _span(session, since, until)
    if before is not None:
        end = min(end, before)
    # The events of one subject are found by an index and are few; all others are looked through piece by piece.
    floor = first if subject_id is not None else max(first, end - WINDOW)
    where.add("e.id >= :floor AND e.id < :before", floor=floor, before=end)
    rows = where.rows(session, _EVENTS, limit=limit + 1)
    more, rows = len(rows) > limit, rows[:limit]
    looked_to = rows[-1]["id"] if more else floor
    onward = looked_to if more or floor > first else None
    return Events(_told(session, rows), onward, looked_to)


_EVENTS = """
    SELECT e.id, e.subject_kind, e.subject_id, e.seq, e.action, e.from_stage, e.to_stage, e.decided_on, e.recorded_at,
           e.number, e.note, e.hash, p.code AS person, p.name AS person_name
    FROM event AS e LEFT JOIN person AS p ON p.id = e.recorded_by WHERE {where} ORDER BY e.id DESC LIMIT :limit"""


def _wanted(session: Session, kind: str | None, subject_id: int | None, who: str | None, action: str | None) -> Where:
    where = Where()
    if kind is not None:
        if kind not in _KINDS:
            raise Refused("Không có loại hồ sơ này; hãy chọn trong danh sách.")
        where.add("e.subject_kind = :kind", kind=kind)
    if subject_id is not None:
        where.add("e.subject_id = :subject", subject=subject_id)
    if who is not None:
        where.add("e.recorded_by = :who", who=id_of(session, "person", who))
    if action is not None:
        where.add("e.action = :action", action=action)
    return where


def _span(session: Session, since: date | None, until: date | None) -> tuple[int, int]:
    """The first event of a span of days, and the one after its last; clocks may lie a little, numbers do not."""
    first, end = 1, int(_HEAD.one(session).last_event_id) + 1
    if since is not None:
        found = _FIRST_SINCE.rows(session, at=_midnight(since))
        first = int(found[0].id) if found else end
    if until is not None:
        found = _LAST_BEFORE.rows(session, at=_midnight(until + timedelta(days=1)))
        end = min(end, int(found[0].id) + 1) if found else first
    return first, max(first, end)


def _midnight(day: date) -> str:
    return instant_text(datetime.combine(day, time.min, OFFICE_TIME))


_HEAD = Statement("SELECT last_event_id FROM ledger_head")
_FIRST_SINCE = Statement("SELECT id FROM event WHERE recorded_at >= :at ORDER BY recorded_at, id LIMIT 1")
_LAST_BEFORE = Statement("SELECT id FROM event WHERE recorded_at < :at ORDER BY recorded_at DESC, id DESC LIMIT 1")


def _told(session: Session, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with words beside the codes, and the names of their subjects."""
    names: dict[tuple[str, int], str] = {}
    for kind in {row["subject_kind"] for row in rows} & _KINDS.keys():
        ids = [row["subject_id"] for row in rows if row["subject_kind"] == kind]
        names |= {(kind, id_): name for id_, name in _names(session, kind, ids)}
    return [
        row
        | {
            "kind_label": KIND_LABELS.get(row["subject_kind"], row["subject_kind"]),
            "subject": names.get((row["subject_kind"], row["subject_id"]), ""),
            "label": _label(row["subject_kind"], row["action"]),
            "to_label": Stage(row["to_stage"]).label if row["to_stage"] else "",
        }
        for row in rows
    ]


def _names(session: Session, kind: str, ids: Iterable[int]) -> list[tuple[int, str]]:
    named = text(f"SELECT s.id, {_KINDS[kind][1]} FROM {kind} AS s WHERE s.id IN :ids")
    found = session.connection().execute(named.bindparams(bindparam("ids", expanding=True)), {"ids": list(ids)})
    return [(int(row[0]), str(row[1])) for row in found]


def _label(kind: str, action: str) -> str:
    return (ACTION_LABELS if kind == "project" else _OTHER_ENTRIES).get(action, action)


def event(session: Session, number: int) -> dict[str, Any]:
    """One event whole: its canonical body, whether its hash is that of the body, its neighbours and its seal.

    Raises Refused for a number that no event has.
    """
    where = Where()
    where.add("e.id = :id", id=number)
    found = where.rows(session, _EVENTS, limit=1)
    if not found:
        raise Refused(f"Sổ chưa có sự kiện số {number}; hãy kiểm tra số.")
    [told] = _told(session, found)
    body = str(_BODY.one(session, id=number).body)
    around = {"kind": told["subject_kind"], "subject": told["subject_id"], "seq": told["seq"]}
    [near] = _NEAR.rows(session, **around)
    sealed = [plain_row(row._asdict()) for row in _SEAL.rows(session, id=number)]
    return told | {
        "body": body,
        "hash_holds": digest(body) == told["hash"],
        "before": near.before,
        "after": near.after,
        "seal": sealed[0] if sealed else None,
    }


_BODY = Statement("SELECT body FROM event WHERE id = :id")
_NEAR = Statement("""
    SELECT (SELECT id FROM event WHERE subject_kind = :kind AND subject_id = :subject AND seq = :seq - 1) AS before,
           (SELECT id FROM event WHERE subject_kind = :kind AND subject_id = :subject AND seq = :seq + 1) AS after""")
_SEAL = Statement("""
    SELECT no, business_date FROM seal WHERE last_event >= :id AND first_event <= :id ORDER BY no LIMIT 1""")
