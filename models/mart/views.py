"""The questions that are asked of a mart often, under names that stay; and the documentation of all that it holds."""

from collections.abc import Iterator
from dataclasses import dataclass

from models.mart.shape import ALL_TABLES
from states.rollups import Step


@dataclass(frozen=True, slots=True)
class View:
    """A question that is asked often, under a name that stays."""

    name: str
    meaning: str
    sql: str


_FUNNEL = ", ".join(
    f"sum(CASE WHEN step = '{step}' THEN amount ELSE 0 END) AS {step}, "
    f"sum(CASE WHEN step = '{step}' THEN projects ELSE 0 END) AS {step}_projects"
    for step in Step
)
VIEWS: tuple[View, ...] = (
    View(
        "project_money",
        "Mỗi đề án một dòng: vốn nhà nước và đối ứng qua từng bước, đồng",
        """SELECT p.code, p.name, p.programme, p.content_no, p.plan_year, p.unit_name, p.place_name, p.state_label,
       p.stage_label,
       coalesce(sum(m.asked) FILTER (WHERE m.source <> 'counterpart'), 0) AS asked,
       coalesce(sum(m.approved + m.adjusted) FILTER (WHERE m.source <> 'counterpart'), 0) AS approved_now,
       coalesce(sum(m.prepaid + m.paid) FILTER (WHERE m.source <> 'counterpart'), 0) AS paid_out,
       coalesce(sum(m.accepted) FILTER (WHERE m.source <> 'counterpart'), 0) AS accepted,
       coalesce(sum(m.settled) FILTER (WHERE m.source <> 'counterpart'), 0) AS settled,
       coalesce(sum(m.approved + m.adjusted) FILTER (WHERE m.source = 'counterpart'), 0) AS counterpart
FROM project AS p LEFT JOIN money AS m ON m.project_id = p.id GROUP BY p.id""",
    ),
    View(
        "programme_funnel",
        "Kinh phí lũy kế theo chương trình, năm, nội dung, nguồn; total đếm mỗi đề án một lần",
        f"""SELECT programme, plan_year, CAST(key AS INTEGER) AS content_no, source, {_FUNNEL}
FROM rollup WHERE dimension = 'content' GROUP BY programme, plan_year, key, source""",
    ),
    View(
        "target_progress",
        "Chỉ tiêu: số giao và số đã đạt qua từng bước",
        f"""SELECT t.programme, t.code, t.name, t.unit, coalesce(t.quantity, t.quantity_min) AS goal,
       r.planned, r.approved, r.implemented, r.settled
FROM target AS t LEFT JOIN (
  SELECT programme, key, {_FUNNEL} FROM rollup WHERE dimension = 'target' GROUP BY programme, key
) AS r ON r.programme = t.programme AND r.key = t.code""",
    ),
    View(
        "open_deadline",
        "Hạn đang chạy, gấp nhất trước",
        """SELECT p.code, p.name, p.unit_name, d.clock, r.label, d.rolled_on AS due_on, d.safe_on, d.provisional,
       r.statutory, r.basis
FROM deadline AS d JOIN project AS p ON p.id = d.project_id JOIN deadline_rule AS r ON r.code = d.rule
WHERE d.status = 'open' ORDER BY d.safe_on, p.code""",
    ),
    View(
        "plan_project",
        "Đề án trong kế hoạch năm với số tiền, đồng",
        """SELECT k.programme, k.year, k.route, k.status, p.code, p.name, l.source, l.amount
FROM plan_line AS l JOIN plan AS k ON k.id = l.plan_id JOIN project AS p ON p.id = l.project_id""",
    ),
)


def table_words() -> Iterator[tuple[str, str]]:
    yield from ((table.name, table.meaning) for table in ALL_TABLES)
    yield from ((view.name, view.meaning) for view in VIEWS)
    yield "project_fts", "Tìm đề án không dấu: SELECT … WHERE project_fts MATCH 'thiet bi'; rowid là project.id"


def column_words() -> Iterator[tuple[str, str, str]]:
    yield from ((table.name, column.name, column.meaning) for table in ALL_TABLES for column in table.columns)
