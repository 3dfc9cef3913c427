"""What must hold for the money of each project: balances, entries and events agree, and closed lines add up."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.difference import Behind, Difference, Scope, behind, kind_words
from models.problem import named
from models.retold import Retold
from models.standing import KINDS, NOTHING, Standing, entry_rows, line_rows
from states.vocabulary import MoneyKind, Source, Stage

#: Stages in which nothing more of the approval can be spent. Basis: design §9, "Money".
CLOSED = frozenset({Stage.SETTLED, Stage.STOPPED, Stage.RECOVERING, Stage.RECOVERED, Stage.WRITTEN_OFF})
#: Stages that leave no cash open either. A debt written off is cash that stays open for good.
CASH_CLOSED = frozenset({Stage.SETTLED, Stage.RECOVERED})

_APPROVED_NOW = (MoneyKind.APPROVED, MoneyKind.ADJUSTED)
_CLOSED_BY = (MoneyKind.SETTLED, MoneyKind.RELEASED)
_GIVEN = (MoneyKind.PREPAID, MoneyKind.PAID)
_KEPT_OR_BACK = (MoneyKind.SETTLED, MoneyKind.RECOVERED)


def check_project(session: Session, project: Standing, told: Retold) -> Iterator[Difference]:
    """Every equation of one project that does not hold."""
    yield from _unread(project, told)
    yield from _balances(session, project)
    yield from _retold(session, project, told)
    yield from _closing(session, project)
    yield from _contracts(session, project)
    yield from _decisions(session, project, told)
    yield from _acceptances(session, project)
    yield from _schedule(session, project, told)
    yield from _adjustments(project, told)


def _unread(project: Standing, told: Retold) -> Iterator[Difference]:
    if told.unread:
        rows = behind(Behind("event", f"id={event}", 0) for event in told.unread)
        words = ("sự kiện đã ghi", "sự kiện đọc được")
        counts = (told.events, told.events - len(told.unread))
        yield Difference(Scope.PROJECT, project.subject, None, *words, *counts, unit="sự kiện", **rows)


def _balances(session: Session, project: Standing) -> Iterator[Difference]:
    """Balances are the sums of the entries. Compared whole first: they nearly always agree."""
    if project.balances == project.entries:
        return
    for source in sorted(project.balances.keys() | project.entries.keys()):
        balances, entries = project.balances.get(source, NOTHING), project.entries.get(source, NOTHING)
        for kind, left, right in zip(KINDS, balances, entries, strict=True):
            if left != right:
                balance = Behind("funding", named("funding", (project.id, source)), left)
                rows = behind([balance, *entry_rows(session, project.id, source, kind)])
                words = (f"số dư {kind_words(kind)}", "cộng các khoản đã ghi")
                yield Difference(Scope.PROJECT, project.subject, Source(source), *words, left, right, **rows)


def _retold(session: Session, project: Standing, told: Retold) -> Iterator[Difference]:
    """The entries are what the events say."""
    for source in sorted(project.entries.keys() | {source for source, _ in told.sums}):
        for kind, left in zip(KINDS, project.entries.get(source, NOTHING), strict=True):
            right = told.sums.get((source, kind), 0)
            if left != right:
                words = (f"cộng các khoản {kind_words(kind)} đã ghi", "tính lại từ các sự kiện")
                rows = behind(_odd_entries(session, project, told, source, kind))
                yield Difference(Scope.PROJECT, project.subject, Source(source), *words, left, right, **rows)


def _odd_entries(session: Session, project: Standing, told: Retold, source: str, kind: MoneyKind) -> Iterator[Behind]:
    """Entries that no event explains as they are, and what events say that stands in no entry (taken off)."""
    said = {
        named("money_entry", key): amount
        for key, (of, what, amount) in told.entries.items()
        if (of, what) == (source, kind)
    }
    for row in entry_rows(session, project.id, source, kind):
        if said.get(row.key) != row.amount:
            yield row
        else:
            del said[row.key]
    for key, amount in said.items():
        yield Behind("event", key, -amount)


def _closing(session: Session, project: Standing) -> Iterator[Difference]:
    """The two equations of every source once a project is closed; before that nothing is settled or released."""
    for source in sorted(project.entries):
        if project.stage in CLOSED:
            yield from _equation(session, project, source, _APPROVED_NOW, _CLOSED_BY)
            # What a beneficiary spent of the own money is settled as spent, also where the state's cash stays open.
            if project.stage in CASH_CLOSED or source == Source.COUNTERPART:
                yield from _equation(session, project, source, _GIVEN, _KEPT_OR_BACK)
            continue
        for kind in _CLOSED_BY:
            if amount := project.amount(kind, source):
                rows = behind(entry_rows(session, project.id, source, kind))
                words = (kind_words(kind), "số được phép khi chưa kết thúc")
                yield Difference(Scope.PROJECT, project.subject, Source(source), *words, amount, 0, **rows)


def _equation(
    session: Session, project: Standing, source: str, left: tuple[MoneyKind, ...], right: tuple[MoneyKind, ...]
) -> Iterator[Difference]:
    due, found = (sum(project.amount(kind, source) for kind in side) for side in (left, right))
    if due != found:
        rows = behind(entry_rows(session, project.id, source, *left, *right))
        words = (kind_words(*left), kind_words(*right))
        yield Difference(Scope.PROJECT, project.subject, Source(source), *words, due, found, **rows)


def _contracts(session: Session, project: Standing) -> Iterator[Difference]:
    """What a project has in a contract is what it counts as contracted; in any other contract it has nothing."""
    pairs = set(project.contract_lines)
    pairs |= {
        (project.contract_id or 0, source) for source in project.entries if project.amount(MoneyKind.CONTRACTED, source)
    }
    for contract, source in sorted(pairs):
        own = contract == (project.contract_id or 0)
        left = project.contract_lines.get((contract, source), 0)
        right = project.amount(MoneyKind.CONTRACTED, source) if own else 0
        if left != right:
            of_contract = "contract_id = :contract AND project_id = :project AND source = :source"
            ids: dict[str, Any] = {"contract": contract, "project": project.id, "source": source}
            rows = [*line_rows(session, "contract_line", of_contract, **ids)]
            if own:
                rows += entry_rows(session, project.id, source, MoneyKind.CONTRACTED)
            what = "số hợp đồng của đề án" if own else "số của đề án thuộc hợp đồng khác"
            words = (f"các dòng hợp đồng của {project.subject}", what)
            scope, subject = Scope.CONTRACT, _number(session, "contract", contract)
            if not contract:
                # Money contracted without any contract is a fault of the project alone.
                scope, subject = Scope.PROJECT, project.subject
            yield Difference(scope, subject, Source(source), *words, left, right, **behind(rows))


def _decisions(session: Session, project: Standing, told: Retold) -> Iterator[Difference]:
    """What a decision grants a project is what was approved with it."""
    for decision, source in sorted(project.decision_lines.keys() | told.granted.keys()):
        left = project.decision_lines.get((decision, source), 0)
        right = told.granted.get((decision, source), 0)
        if left != right:
            of_decision = "decision_id = :decision AND project_id = :project AND source = :source"
            ids: dict[str, Any] = {"decision": decision, "project": project.id, "source": source}
            rows = [*line_rows(session, "decision_line", of_decision, **ids)]
            rows += entry_rows(session, project.id, source, MoneyKind.APPROVED)
            words = (f"các dòng quyết định của {project.subject}", "số phê duyệt ghi theo quyết định")
            subject = _number(session, "decision", decision)
            yield Difference(Scope.DECISION, subject, Source(source), *words, left, right, **behind(rows))


def _number(session: Session, table: str, subject_id: int) -> str:
    found = (
        session.connection().execute(text(f"SELECT number FROM {table} WHERE id = :id"), {"id": subject_id}).scalar()
    )
    return f"id={subject_id} (không có trong sổ)" if found is None else str(found)


def _acceptances(session: Session, project: Standing) -> Iterator[Difference]:
    """Accepted money is what the standing acceptances say, of the whole and of each beneficiary's share."""
    if project.is_vouched:
        yield from _vouched(session, project)
        return
    if project.accepted == project.accepted_entries:
        return
    for who in sorted(project.accepted.keys() | project.accepted_entries.keys(), key=lambda who: who or 0):
        said, booked = project.accepted.get(who, (0, 0)), project.accepted_entries.get(who, (0, 0))
        for source, left, right in zip((project.fund, Source.COUNTERPART), booked, said, strict=True):
            if left != right:
                share = "" if who is None else f" của đơn vị thụ hưởng số {who}"
                words = (f"số nghiệm thu đã ghi{share}", f"các biên bản nghiệm thu{share}")
                rows = behind(_accepted_rows(session, project, who, source))
                yield Difference(Scope.PROJECT, project.subject, source, *words, left, right, **rows)


def _vouched(session: Session, project: Standing) -> Iterator[Difference]:
    """An old record has no acceptance here: of it somebody vouches that what was settled had been accepted."""
    for source in sorted(project.entries):
        yield from _equation(session, project, source, (MoneyKind.ACCEPTED,), (MoneyKind.SETTLED,))


def _accepted_rows(session: Session, project: Standing, who: int | None, source: Source) -> Iterator[Behind]:
    of_whom = "beneficiary_id IS NULL" if who is None else "beneficiary_id = :who"
    ids: dict[str, Any] = {"project": project.id} | ({} if who is None else {"who": who})
    column = "counterpart" if source is Source.COUNTERPART else "support"
    where = f"project_id = :project AND {of_whom}"
    yield from line_rows(session, "acceptance", where, column=column, **ids)
    yield from line_rows(
        session, "money_entry", f"{where} AND kind = 'accepted' AND source = :source", **ids, source=source
    )


def _schedule(session: Session, project: Standing, told: Retold) -> Iterator[Difference]:
    """No schedule demands more than was to come back on its day, as the events before it tell."""
    for event, demanded in sorted(project.demands.items()):
        to_come_back = told.demands.get(event, 0)
        if demanded > to_come_back:
            rows = line_rows(session, "recovery_due", "event_id = :event", event=event)
            words = ("tổng các kỳ phải nộp trả", "số chi vượt phần được hưởng vào ngày yêu cầu")
            sums = (demanded, to_come_back)
            yield Difference(Scope.PROJECT, project.subject, project.fund, *words, *sums, **behind(rows), sign="≤")


def _adjustments(project: Standing, told: Retold) -> Iterator[Difference]:
    """A request that was approved has the step that carried it out, and the other way round."""
    carried = set(told.adjustments.values())
    if project.adjustments != carried:
        odd = sorted(project.adjustments ^ carried)
        rows = behind(
            Behind("adjustment", f"id={number}", 1 if number in project.adjustments else -1) for number in odd
        )
        words = ("đề nghị điều chỉnh đã được đồng ý", "bước đồng ý điều chỉnh còn hiệu lực")
        sums = (len(project.adjustments), len(carried))
        yield Difference(Scope.PROJECT, project.subject, None, *words, *sums, unit="đề nghị", **rows)
