"""The lines of a yearly plan: every project of the year with all that its annex prints, and what keeps it out."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import Session

from models.duplicates import NAMED_AT_MOST, found_for
from models.plan.scope import APPROVED, MONEY, QUANTITY, PlanKey, Section, members
from models.queries.scope import Where
from states.facts import Person
from states.lifecycle import LEFT_THE_PLAN, stage_label
from states.vocabulary import STATE_FUND, Kind, Route, Source, Stage

#: How many ids go into one statement; SQLite takes some ten thousand parameters.
_CHUNK = 5_000


def candidate_lines(session: Session, key: PlanKey, *, reader: Person | None = None) -> list[dict[str, Any]]:
    """The projects of the plan of a year, new ones first, in the order of their codes."""
    return lines_of(session, key, members(session, key, reader), reader=reader)


def lines_of(
    session: Session, key: PlanKey, sections: Mapping[int, Section], *, reader: Person | None = None
) -> list[dict[str, Any]]:
    """The lines of some projects, each in its section, as the register has them now.

    `money` is approved after adjustments, else appraised, else asked; `flags` are the blockers that a reason may
    waive: a second machine of a kind may well be wanted. Of a project outside the reader's scope a flag tells only
    code and year.
    """
    ids = sorted(sections)
    money, targets, named = (_by_project(session, sql, ids) for sql in (_MONEY, _TARGETS, _NAMED))
    lines = []
    for row in _rows(session, _PROJECTS, ids):
        line = _line(row, sections[row["id"]], money.get(row["id"], []), targets.get(row["id"], []))
        line["beneficiaries"] = [found["name"] for found in named.get(row["id"], [])]
        line["flags"] = [] if line["approved"] else _flags(session, row["id"], reader)
        line["blockers"] = [*_blockers(row, line), *line["flags"]]
        lines.append(line)
    order = list(Section)
    return sorted(lines, key=lambda line: (order.index(line["section"]), line["plan_year"], line["serial"]))


def _rows(session: Session, sql: str, ids: list[int]) -> Iterable[dict[str, Any]]:
    for start in range(0, len(ids), _CHUNK):
        where = Where()
        where.add("p.id IN :ids", ids=ids[start : start + _CHUNK])
        yield from where.rows(session, sql)


def _by_project(session: Session, sql: str, ids: list[int]) -> dict[int, list[dict[str, Any]]]:
    groups: dict[int, list[dict[str, Any]]] = {}
    for row in _rows(session, sql, ids):
        groups.setdefault(row["id"], []).append(row)
    return groups


_PROJECTS = f"""
    SELECT p.id, p.code, p.serial, p.name, p.plan_year, p.work_year, g.code AS programme, p.content_no,
           n.name AS content_name, p.activity, p.equipment, p.route, p.kind, p.unit_id, u.code AS unit,
           u.name AS unit_name, p.place_id, z.code AS place, z.kind || ' ' || z.name AS place_name, p.partner,
           p.objectives, p.scope, p.starts_on, p.ends_on, p.total_cost, p.expected_jobs, p.priorities, p.stage,
           p.adjustment_open, p.missing, CASE WHEN {APPROVED} THEN 1 ELSE 0 END AS approved
    FROM project AS p JOIN programme AS g ON g.id = p.programme_id JOIN unit AS u ON u.id = p.unit_id
    JOIN content AS n ON n.programme_id = p.programme_id AND n.no = p.content_no
    LEFT JOIN place AS z ON z.id = p.place_id
    WHERE {{where}}"""
_MONEY = f"""
    SELECT p.id, f.source, {MONEY} AS amount, f.released
    FROM project AS p JOIN funding AS f ON f.project_id = p.id WHERE {{where}}"""
_TARGETS = f"""
    SELECT p.id, c.target_code, {QUANTITY} AS quantity
    FROM project AS p JOIN contribution AS c ON c.project_id = p.id WHERE {{where}} ORDER BY c.target_code"""
_NAMED = """
    SELECT p.id, b.name FROM project AS p JOIN project_beneficiary AS w ON w.project_id = p.id
    JOIN beneficiary AS b ON b.id = w.beneficiary_id WHERE {where}
    GROUP BY p.id, b.id, b.name HAVING sum(w.direction) > 0 ORDER BY b.id"""

_SHOWN = (
    *("id", "code", "serial", "name", "programme", "plan_year", "work_year", "route", "kind", "activity", "equipment"),
    *("unit_id", "unit", "unit_name", "place_id", "place", "place_name", "partner", "objectives", "scope"),
    *("starts_on", "ends_on", "total_cost", "expected_jobs", "stage", "content_name"),
)


def _line(
    row: Mapping[str, Any], section: Section, money: Iterable[Mapping[str, Any]], targets: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    sources = [found for source in Source for found in money if found["source"] == source]
    route = Route(row["route"])
    return {
        **{name: row[name] for name in _SHOWN},
        "section": str(section),
        "content": row["content_no"],
        "stage_label": stage_label(Stage(row["stage"]), route),
        "kind_label": Kind(row["kind"]).label,
        "fund": str(STATE_FUND[route]),
        "priorities": json.loads(row["priorities"]),
        "money": {found["source"]: found["amount"] for found in sources if found["amount"]},
        "released": {found["source"]: found["released"] for found in sources if found["released"]},
        "targets": {found["target_code"]: found["quantity"] for found in targets if found["quantity"]},
        "approved": bool(row["approved"]),
        "ended": Stage(row["stage"]) in LEFT_THE_PLAN,
    }


# --- what keeps a project out -------------------------------------------------------------------------

#: What has to happen before a project can be approved, by the stage in which it waits.
_UNTIL_CLEARED: Mapping[Stage, str] = {
    Stage.SUBMITTED: "chưa thẩm định; hãy thẩm định ở Sở trước",
    Stage.RETURNED: "đang chờ đơn vị bổ sung hồ sơ; hãy đôn đốc đơn vị nộp lại",
    Stage.APPRAISING: "chưa có kết quả thẩm định ở Sở; hãy ghi kết quả",
    Stage.APPRAISED: "chưa gửi cấp trên thẩm định; hãy gửi hồ sơ",
    Stage.REVIEWING: "cấp trên chưa trả kết quả thẩm định; hãy ghi kết quả khi có văn bản",
    Stage.REVIEW_RETURNED: "cấp trên đang chờ bổ sung; hãy bổ sung hồ sơ",
    Stage.WAITLISTED: "đang chờ bố trí vốn; hãy đưa lại vào danh mục (bước fund) khi có vốn",
}


def _blockers(row: Mapping[str, Any], line: Mapping[str, Any]) -> list[str]:
    stage = Stage(row["stage"])
    if line["approved"]:
        return _after_approval(row, line)
    reasons = []
    if stage in _UNTIL_CLEARED:
        reasons.append(f"Ở giai đoạn «{line['stage_label']}»: {_UNTIL_CLEARED[stage]}.")
    elif stage is not Stage.CLEARED:
        reasons.append(f"Ở giai đoạn «{line['stage_label']}», không còn trong danh mục; hãy bỏ khỏi kế hoạch.")
    if missing := json.loads(row["missing"]):
        reasons.append(f"Còn thiếu {', '.join(missing)}; hãy bổ sung hồ sơ.")
    if not line["money"].get(line["fund"]):
        reasons.append("Chưa có số hỗ trợ từ nguồn khuyến công; hãy ghi số đề nghị rồi thẩm định.")
    if not row["total_cost"]:
        reasons.append("Chưa ghi tổng kinh phí; hãy ghi (dean project edit MÃ --total-cost).")
    if not line["beneficiaries"] and row["kind"] != Kind.GROUP:
        reasons.append("Chưa có đơn vị thụ hưởng; hãy ghi đơn vị thụ hưởng (chỉ đề án nhóm được để sau).")
    return reasons


def _after_approval(row: Mapping[str, Any], line: Mapping[str, Any]) -> list[str]:
    reasons = []
    if line["ended"]:
        reasons.append(f"Đã phê duyệt rồi «{line['stage_label']}»; không còn thực hiện trong kế hoạch.")
    if row["adjustment_open"]:
        reasons.append("Có đề nghị điều chỉnh chưa quyết định; số tiền còn có thể đổi, hãy ghi quyết định.")
    return reasons


def _flags(session: Session, project_id: int, reader: Person | None) -> list[str]:
    """Projects by which support may be given twice. A flag, never a verdict."""
    found = found_for(session, project_id, reader)
    told = [one.sentence for one in found[:NAMED_AT_MOST]]
    if rest := len(found) - len(told):
        told.append(f"Còn {rest} đề án khác có thể trùng hỗ trợ; hãy xem dean project duplicates.")
    return told
