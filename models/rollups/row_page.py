"""One page of the projects behind a figure: found along the order of their codes, so that no page reads all of them."""

import re
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from models.queries.scope import AND_ONE, Where, page, readable_by
from models.rollups import statements
from models.rollups.naming import Names, read_names
from states.facts import Person
from states.folding import quoted
from states.lifecycle import stage_label
from states.refusal import Refused
from states.rollups import By, Step
from states.vocabulary import Route, Source, Stage


@dataclass(frozen=True, slots=True)
class Behind:
    """Which figure: of the whole programme where `by` is None; `year` is the plan year of the projects.

    By month the key may also be a year (YYYY), and the amounts are what was decided then.
    """

    step: Step
    by: By | None = None
    key: str = ""
    source: Source | None = None
    year: int | None = None


def row_page(
    session: Session,
    programme: str,
    behind: Behind,
    *,
    after: str = "",
    limit: int = 50,
    reader: Person | None = None,
) -> dict[str, Any]:
    """Projects with what each adds: `rows`, the `name` of the part, its `unit`, and `next` to ask for what follows.

    Together the rows are those of `rows_behind`. Raises Refused for an unknown part and for a wrong `after`.
    """
    names = read_names(session, programme)
    where = readable_by(reader)
    where.add("p.programme_id = :programme", programme=names.programme_id)
    if behind.year is not None:
        where.add("p.plan_year = :year", year=behind.year)
    if after:
        year, serial = _read_after(after)
        where.add("(p.plan_year, p.serial) > (:after_year, :after_serial)", after_year=year, after_serial=serial)
    amounts = _amounts(session, where, names, behind)
    sql = _PAGE.format(amounts=amounts, where="{where}")
    found = where.rows(session, sql, limit=page(limit, 0)["limit"] + AND_ONE)
    rows = [_told(row) for row in found[:limit]]
    return {
        "rows": rows,
        "next": f"{rows[-1]['plan_year']}-{rows[-1]['serial']}" if len(found) > limit else "",
        **_named(names, behind),
    }


_PAGE = """
    SELECT p.code, p.name, p.plan_year, p.serial, p.route, p.stage, u.name AS unit_name,
           CASE WHEN p.vouched_by IS NULL THEN 0 ELSE 1 END AS old_record,
           ({amounts}) AS amount
    FROM project AS p JOIN unit AS u ON u.id = p.unit_id
    WHERE {where} AND ({amounts}) <> 0 ORDER BY p.plan_year, p.serial LIMIT :limit"""


def _read_after(text: str) -> tuple[int, int]:
    if not re.fullmatch(r"[0-9]{1,4}-[0-9]{1,9}", text):
        raise Refused("Không hiểu trang này của danh sách; hãy mở lại danh sách từ trang chương trình.")
    year, serial = text.split("-")
    return int(year), int(serial)


def _amounts(session: Session, where: Where, names: Names, behind: Behind) -> str:
    """What a project adds to the figure, as a scalar of SQL; what tells the projects apart goes into `where`."""
    if behind.by is By.MONTH:
        return _of_month(session, where, behind)
    if behind.by is By.TARGET:
        where.parameters["part"] = names.part_of(By.TARGET, behind.key)
        balance = statements.WORK_BALANCE[behind.step]
        return f"SELECT sum({balance}) FROM contribution AS f WHERE f.project_id = p.id AND f.target_code = :part"
    source = behind.source
    if behind.by is By.SOURCE:
        source = Source(str(names.part_of(By.SOURCE, behind.key)))
    elif behind.by is not None:
        part = names.part_of(behind.by, behind.key)
        where.add(f"{_COLUMNS[behind.by]} IS NULL" if part is None else f"{_COLUMNS[behind.by]} = :part", part=part)
    only = ""
    if source is not None:
        only, where.parameters["source"] = " AND f.source = :source", str(source)
    return f"SELECT sum({statements.MONEY_BALANCE[behind.step]}) FROM funding AS f WHERE f.project_id = p.id{only}"


_COLUMNS = {By.CONTENT: "p.content_no", By.COMMUNE: "p.place_id", By.UNIT: "p.unit_id", By.STATE: "p.state"}


def _of_month(session: Session, where: Where, behind: Behind) -> str:
    if not re.fullmatch(r"[0-9]{4}(-(0[1-9]|1[0-2]))?", behind.key):
        raise Refused(f"Không hiểu tháng {quoted(behind.key)}; hãy ghi dạng 2024-03, hoặc năm dạng 2024.")
    where.parameters["part"] = behind.key
    only = "" if behind.step is not Step.PLANNED else " AND p.counted = 1"
    if behind.source is not None:
        only, where.parameters["source"] = f"{only} AND m.source = :source", str(behind.source)
    month = f"substr({statements.MONTH[session.get_bind().dialect.name]}, 1, {len(behind.key)})"
    return (
        "SELECT sum(m.amount * m.direction) FROM money_entry AS m JOIN event AS e ON e.id = m.event_id "
        f"WHERE m.project_id = p.id AND {statements.of_kinds(behind.step)} AND {month} = :part{only}"
    )


def _told(row: dict[str, Any]) -> dict[str, Any]:
    label = stage_label(Stage(row["stage"]), Route(row["route"]))
    return row | {"amount": int(row["amount"]), "stage_label": label, "old_record": bool(row["old_record"])}


def _named(names: Names, behind: Behind) -> dict[str, str]:
    if behind.by is None:
        return {"name": names.programme_name, "unit": "đồng"}
    if behind.by is By.MONTH and len(behind.key) == 4:
        return {"name": f"năm {behind.key}", "unit": "đồng"}
    named = names.named(behind.by, names.part_of(behind.by, behind.key))
    return {"name": named.name, "unit": named.unit}
