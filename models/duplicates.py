"""Support given twice, looked for in the register: from the beneficiaries of one project to their other projects."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from models.loading import Loaded
from models.statement import Statement
from states.duplicates import Duplicate, Kinship, Recipient, Successors, Support, duplicates
from states.facts import Person
from states.folding import quoted
from states.lifecycle import stage_label
from states.vocabulary import STATE_FUND, Role, Route, Stage
from states.words import format_dong

#: A step names so many earlier projects; the others are counted.
NAMED_AT_MOST = 3

#: Nothing was given by these, or not yet asked for: a draft is nobody's support. What was stopped had been approved.
NEVER_GIVEN = (Stage.REJECTED, Stage.WITHDRAWN, Stage.LAPSED)
NO_SUPPORT = (Stage.DRAFT, *NEVER_GIVEN)

COLUMNS = """
    p.id, p.code, p.name, p.plan_year, p.route, p.stage, p.activity, p.equipment, p.unit_id, p.place_id,
    b.id AS recipient_id, b.name AS recipient, b.folded_name, b.tax_code, b.place_id AS recipient_place"""
#: Both tables are known by their ids, so both databases take the other columns as given.
GROUPED = "GROUP BY p.id, b.id HAVING sum(n.direction) > 0 ORDER BY p.id, b.id"


@dataclass(frozen=True, slots=True)
class Found:
    """A project that gives the same thing to the same beneficiary: its row, and how it was recognised.

    The amounts are those of the state fund, in đồng. `hidden` is True for a reader outside whose scope it lies.
    """

    row: Any
    duplicate: Duplicate
    asked: int
    approved: int
    hidden: bool

    @property
    def sentence(self) -> str:
        """The flag in words: the project with its year, and inside the reader's scope all that identifies it."""
        how_sure, year = self.duplicate.certainty.label, f"kế hoạch năm {self.row.plan_year}"
        if self.hidden:
            return (
                f"{how_sure}: đã có đề án {self.row.code} ({year}) ngoài phạm vi xem của bạn; "
                "hãy hỏi điều phối viên của Sở."
            )
        route, stage = Route(self.row.route), Stage(self.row.stage)
        thing = quoted(self.row.equipment or self.row.name)
        return (
            f"{how_sure}: {self._recipient()} có đề án {self.row.code} "
            f"({year}, {route.label.lower()}, «{stage_label(stage, route)}»), {thing}, {self._amount()}; "
            "hãy đối chiếu trước khi phê duyệt."
        )

    def _recipient(self) -> str:
        """Whose records differ is told by what they were taken for one."""
        name, kin = self.duplicate.recipient.name, self.duplicate.kinship
        return name if kin is Kinship.RECORD else f"{name} ({kin.label})"

    def _amount(self) -> str:
        if self.approved:
            return f"được phê duyệt {format_dong(self.approved)}"
        return f"đề nghị {format_dong(self.asked)}" if self.asked else "chưa ghi số tiền"


def warnings_of(session: Session, loaded: Loaded, reader: Person | None = None) -> tuple[str, ...]:
    """One sentence for each project by which support may be given twice, for the steps up to the approval.

    It is a flag and never a reason to refuse: a second machine of a kind may well be wanted. `reader` is who takes
    the step; of projects outside the own scope only code and year are told.
    """
    if not loaded.named:
        return ()
    again = _again(session, loaded.id)
    told = tuple(found(session, row, one, reader).sentence for row, one in again[:NAMED_AT_MOST])
    if rest := len(again) - len(told):
        told += (f"Còn {rest} đề án khác có thể trùng hỗ trợ; hãy xem dean project duplicates {loaded.facts.code}.",)
    return told


def found_for(session: Session, project_id: int, reader: Person | None = None) -> list[Found]:
    """The projects, planned or once approved, that give the same thing to a beneficiary of this one.

    All routes, years and programmes count. A project that ended without support is itself no support given twice.
    """
    return [found(session, row, one, reader) for row, one in _again(session, project_id)]


def _again(session: Session, project_id: int) -> list[tuple[Any, Duplicate]]:
    """The rows of the projects that give the same thing, with how they were recognised."""
    rows = _OF_THE_SAME.rows(session, id=project_id)
    if all(row.id == project_id for row in rows):
        return []
    supports, heads = supports_of(rows), {row.id: row for row in rows}
    at_hand = supports.pop(project_id, None)
    if at_hand is None or heads[project_id].stage in NEVER_GIVEN:
        return []
    again = duplicates(at_hand, supports.values(), successors_of(session, rows))
    return [(heads[one.support.id], one) for one in again]


def found(session: Session, row: Any, duplicate: Duplicate, reader: Person | None) -> Found:
    """What is told of one duplicate."""
    [amounts] = _AMOUNTS.rows(session, id=row.id, source=str(STATE_FUND[Route(row.route)])) or [None]
    asked, approved = (amounts.asked, amounts.approved) if amounts else (0, 0)
    return Found(row, duplicate, asked, approved, hidden=not may_read(reader, row))


def supports_of(rows: Iterable[Any]) -> dict[int, Support]:
    """Rows of projects with one recipient each, put together by project."""
    first: dict[int, Any] = {}
    recipients: dict[int, list[Recipient]] = {}
    for row in rows:
        first.setdefault(row.id, row)
        recipient = Recipient(row.recipient_id, row.recipient, row.tax_code, row.recipient_place)
        recipients.setdefault(row.id, []).append(recipient)
    return {
        key: Support(key, row.plan_year, row.activity, row.name, row.equipment, tuple(recipients[key]))
        for key, row in first.items()
    }


def successors_of(session: Session, rows: Iterable[Any]) -> Successors:
    """Which places took over which; only read when two records of one name stand in different places."""
    places: dict[str, set[int]] = {}
    for row in rows:
        if row.recipient_place is not None:
            places.setdefault(row.folded_name, set()).add(row.recipient_place)
    if all(len(several) < 2 for several in places.values()):
        return {}
    taken_over: dict[int, list[int]] = {}
    for row in _SUCCESSORS.rows(session):
        taken_over.setdefault(row.place_id, []).append(row.successor_id)
    return taken_over


def may_read(reader: Person | None, row: Any) -> bool:
    """Is the project within the reader's scope? The same rule as `models.queries.scope.readable_by`, for a row."""
    if reader is None:
        return True
    if reader.role is Role.CENTRE_OFFICER:
        return bool(row.unit_id == reader.unit_id)
    return reader.role is not Role.COMMUNE_VIEWER or row.place_id in (reader.place_ids or ())


_NEVER = ", ".join(f"'{stage}'" for stage in NO_SUPPORT)
#: The project itself comes along, so that one statement brings all that is compared. A branch's code has the firm's
#: ten digits and "-000" to "-999" behind them: a range of the index, in every collation. CROSS JOIN is what keeps
#: SQLite from starting at the projects, all of them, because the groups are made by their ids. The stage is judged
#: in HAVING, since in WHERE it makes SQLite read every project once, for a filter of those that have such a stage.
_OF_THE_SAME = Statement(f"""
    WITH own AS (
        SELECT b.id, b.folded_name, substr(b.tax_code, 1, 10) AS firm
        FROM project_beneficiary AS n JOIN beneficiary AS b ON b.id = n.beneficiary_id
        WHERE n.project_id = :id GROUP BY b.id HAVING sum(n.direction) > 0),
    same AS (
        SELECT id FROM own
        UNION SELECT b.id FROM own JOIN beneficiary AS b ON b.folded_name = own.folded_name
        UNION SELECT b.id FROM own JOIN beneficiary AS b ON b.tax_code = own.firm
        UNION SELECT b.id FROM own JOIN beneficiary AS b
              ON b.tax_code BETWEEN own.firm || '-000' AND own.firm || '-999')
    SELECT {COLUMNS}
    FROM same CROSS JOIN project_beneficiary AS n CROSS JOIN project AS p CROSS JOIN beneficiary AS b
    WHERE n.beneficiary_id = same.id AND p.id = n.project_id AND b.id = same.id
    GROUP BY p.id, b.id HAVING sum(n.direction) > 0 AND (p.id = :id OR p.stage NOT IN ({_NEVER}))
    ORDER BY p.id, b.id""")
_AMOUNTS = Statement(
    "SELECT asked, approved + adjusted AS approved FROM funding WHERE project_id = :id AND source = :source"
)
_SUCCESSORS = Statement("SELECT place_id, successor_id FROM place_successor")
