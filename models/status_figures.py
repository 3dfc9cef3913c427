"""The figures of a programme's status, counted again from the entries: money by content, work by target."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.apart import MONEY, WORK, Counted, Figure, projects_apart
from models.difference import Difference, Scope, behind
from models.status import programme_status
from states.effects import QuantityKind
from states.lifecycle import PLANNED
from states.vocabulary import MoneyKind, Source

#: The status counts a project as planned by a stored flag, here it is its stage that says so.
_IN_THE_PLAN = f"p.stage IN ({', '.join(repr(str(stage)) for stage in sorted(PLANNED))})"
_MONEY = {
    "planned": Figure("kinh phí đã lên kế hoạch", "f.asked * f.counted", (MoneyKind.ASKED,), _IN_THE_PLAN),
    "approved": Figure("kinh phí phê duyệt", "f.approved + f.adjusted", (MoneyKind.APPROVED, MoneyKind.ADJUSTED)),
    "implemented": Figure("kinh phí nghiệm thu", "f.accepted", (MoneyKind.ACCEPTED,)),
    "settled": Figure("kinh phí quyết toán", "f.settled", (MoneyKind.SETTLED,)),
}
_WORK = {
    "planned": Figure("khối lượng đã lên kế hoạch", "f.planned * f.counted", (QuantityKind.PLANNED,), _IN_THE_PLAN),
    "approved": Figure("khối lượng phê duyệt", "f.approved", (QuantityKind.APPROVED,)),
    "implemented": Figure("khối lượng nghiệm thu", "f.accepted", (QuantityKind.ACCEPTED,)),
    "settled": Figure("khối lượng quyết toán", "f.settled", (QuantityKind.SETTLED,)),
}


def check_status(session: Session, programme_id: int, code: str) -> Iterator[Difference]:
    """Every figure of the status of one programme that the entries do not add up to."""
    status = programme_status(session, code, with_projects=False)
    yield from _money(session, programme_id, code, status)
    yield from _work(session, programme_id, code, status)


def _money(session: Session, programme_id: int, code: str, status: dict[str, Any]) -> Iterator[Difference]:
    entered = _entered(session, MONEY, "p.content_no", _MONEY, programme_id)
    for content in status["contents"]:
        for source in Source:
            for step, figure in _MONEY.items():
                left = content["money"][source][step]
                right = entered.get((content["no"], source, step), 0)
                if left != right:
                    part = {"programme_id": programme_id, "content_no": content["no"]}
                    rows = behind(projects_apart(session, MONEY, source, figure, part))
                    words = (f"{figure.words} của nội dung {content['no']} trong tiến độ", "cộng các khoản đã ghi")
                    yield Difference(Scope.PROGRAMME, code, source, *words, left, right, **rows)


def _work(session: Session, programme_id: int, code: str, status: dict[str, Any]) -> Iterator[Difference]:
    entered = _entered(session, WORK, "0", _WORK, programme_id)
    for target in status["targets"]:
        for step, figure in _WORK.items():
            left, right = target[step], entered.get((0, target["code"], step), 0)
            if left != right:
                rows = behind(projects_apart(session, WORK, target["code"], figure, {"programme_id": programme_id}))
                words = (f"{figure.words} của chỉ tiêu {target['code']} trong tiến độ", "cộng các khối lượng đã ghi")
                yield Difference(Scope.PROGRAMME, code, None, *words, left, right, unit=target["unit"], **rows)


def _entered(
    session: Session, counted: Counted, part: str, figures: dict[str, Figure], programme_id: int
) -> dict[tuple[int, str, str], int]:
    """What the entries of a programme add up to, by part, source or target, and step."""
    sums = ", ".join(
        f"sum(CASE WHEN {figure.of_kinds} AND {figure.only} THEN m.{counted.value} * m.direction ELSE 0 END) AS {step}"
        for step, figure in figures.items()
    )
    sql = f"""
        SELECT {part} AS part, m.{counted.by} AS name, {sums}
        FROM {counted.entries} AS m JOIN project AS p ON p.id = m.project_id
        WHERE p.programme_id = :programme GROUP BY part, m.{counted.by}"""
    rows = session.connection().execute(text(sql), {"programme": programme_id}).mappings()
    return {(row["part"], row["name"], step): int(row[step]) for row in rows for step in figures}
