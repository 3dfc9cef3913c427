"""What is looked for in a list of projects, as conditions that both databases understand and an index can serve."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any

from sqlmodel import Session

from models.codes import id_of
from models.loading import area_of
from models.queries.scope import Where, plain_row, readable_by
from models.rulebook import rulebook
from models.searching import TRIGRAMS, has_trigrams
from models.statement import Statement
from states.counting import Workdays
from states.facts import Person
from states.folding import fold
from states.lifecycle import ENDS, STATES_OF
from states.refusal import Refused
from states.vocabulary import Labelled, Route, Stage, State


class Due(Labelled):
    """How the running deadlines of a project stand: overdue after the rolled day, due until the safe one."""

    OVERDUE = "overdue", "Có hạn đã quá"
    SOON = "3", "Đến hạn trong 3 ngày làm việc"
    AHEAD = "7", "Đến hạn trong 7 ngày làm việc"
    LATER = "4-7", "Đến hạn trong 4–7 ngày làm việc"
    NONE = "none", "Không có hạn đang chạy"


#: Horizons of the due lists, in workdays.
_SOON, _AHEAD = Workdays(3), Workdays(7)
#: A word of a search is a name or a number; more than this is a text that somebody pasted.
MOST_WORDS, LONGEST_WORDS = 20, 200
#: An area of more places than this is most of the province: walking the list finds its projects sooner.
_WIDE = 20


@dataclass(frozen=True, slots=True)
class Sought:
    """The filters of a list, as codes; None filters nothing."""

    programme: str | None = None
    year: int | None = None
    state: State | None = None
    stage: Stage | None = None
    route: Route | None = None
    content: int | None = None
    unit: str | None = None
    place: str | None = None
    words: str | None = None
    deadline: Due | None = None


@dataclass(slots=True)
class Conditions:
    """What the projects `p` of a list have in common. Words and deadlines stand apart (`tests`): it may be better to
    start from them than to test one project after the other.

    `starts` are SQL that gives `id`, perhaps twice: the quick ones by an index, the others read a whole table.
    """

    where: Where
    tests: list[str] = field(default_factory=list)
    quick_starts: list[str] = field(default_factory=list)
    slow_starts: list[str] = field(default_factory=list)
    #: All of them, where they are few enough to be named.
    ids: list[int] | None = None
    #: The stages that they stand in.
    stages: tuple[Stage, ...] = tuple(Stage)
    #: Can a deadline of theirs be running? Every end stops all clocks.
    may_be_due: bool = True
    #: Are they those of a unit or a place? Then the indexes begin with these, and have the order of one stage.
    is_local: bool = False

    @property
    def everything(self) -> str:
        return " AND ".join([str(self.where), *self.tests])

    def of_state(self, state: State) -> "Conditions":
        """Those of them that stand in one state."""
        stages = tuple(stage for stage in self.stages if state in STATES_OF[stage])
        where = Where(list(self.where.conditions), dict(self.where.parameters))
        # The stage says the state, but for some of the ends: there the row has to be asked.
        listed = ", ".join(f"'{stage}'" for stage in stages) or "NULL"
        doubtful = ", ".join(f"'{stage}'" for stage in stages if len(STATES_OF[stage]) > 1) or "NULL"
        where.add(f"p.stage IN ({listed})")
        where.add(f"(p.stage IN ({doubtful})) IS NOT TRUE OR p.state = '{state}'")
        due = self.may_be_due and not ENDS.issuperset(stages)
        return replace(self, where=where, ids=None, stages=stages, may_be_due=due)


def conditions(session: Session, sought: Sought, *, reader: Person | None, today: date | None) -> Conditions:
    """Turn filters and the reader's scope into SQL.

    Raises Refused for an unknown programme, unit or place, or words that are none: a list that is empty because of
    a typing mistake would say something wrong. A deadline needs `today`.
    """
    scope = readable_by(reader)
    found = Conditions(scope, is_local=bool(scope.conditions or sought.unit or sought.place))
    _add_plain(session, found, sought)
    if sought.state is not None:
        found = found.of_state(sought.state)
    where = found.where
    if (place_id := id_of(session, "place", sought.place)) is not None:
        area = sorted(area_of(session, place_id))
        if len(area) == 1:
            where.add("p.place_id = :place", place=area[0])
        else:
            where.add(f"{'+' if len(area) > _WIDE else ''}p.place_id IN :area", area=area)
    if sought.words is not None:
        _add_words(session, found, sought.words)
    if sought.deadline is not None:
        if today is None:
            raise ValueError("how deadlines stand depends on the day")
        _add_deadline(session, found, sought.deadline, today)
    return found


def _add_plain(session: Session, found: Conditions, sought: Sought) -> None:
    programme = id_of(session, "programme", sought.programme)
    if programme is None and sought.year is not None:
        programme = _only_programme(session, sought.year)
    if sought.stage is not None:
        found.stages = (sought.stage,)
        found.may_be_due = sought.stage not in ENDS
    columns: dict[str, Any] = {
        "programme_id": programme,
        "plan_year": sought.year,
        "stage": sought.stage,
        "route": sought.route,
        "content_no": sought.content,
        "unit_id": id_of(session, "unit", sought.unit),
    }
    for column, value in columns.items():
        if value is not None:
            found.where.add(f"p.{column} = :{column}", **{column: value if isinstance(value, int) else str(value)})


def _only_programme(session: Session, year: int) -> int | None:
    """The programme of a year where there is but one: then an index leads to the year."""
    found = _OF_YEAR.rows(session, year=year)
    return int(found[0].id) if len(found) == 1 else None


_OF_YEAR = Statement("SELECT id FROM programme WHERE start_year <= :year AND end_year >= :year")


def readable_ids(session: Session, codes: Sequence[str], *, reader: Person | None) -> dict[str, int]:
    """The ids behind codes, of those projects that the reader may see."""
    where = readable_by(reader)
    where.add("p.code IN :codes", codes=list(codes))
    rows = run(session, f"SELECT p.code, p.id FROM project AS p WHERE {where}", where.parameters)
    return {row["code"]: row["id"] for row in rows}


# --- words --------------------------------------------------------------------------------------------


def _add_words(session: Session, found: Conditions, words: str) -> None:
    """Every word must be somewhere in the folded text; the trigrams only say where to look."""
    folded = list(dict.fromkeys(fold("".join(c if c.isprintable() else " " for c in words)).split()))
    if not folded:
        raise Refused("Chưa có từ khóa; hãy gõ vài từ trong tên đề án, tên đơn vị thụ hưởng hoặc mã.")
    if len(folded) > MOST_WORDS or len(words) > LONGEST_WORDS:
        raise Refused(f"Từ khóa quá dài; hãy tìm bằng nhiều nhất {MOST_WORDS} từ, {LONGEST_WORDS} ký tự.")
    likes = []
    for number, word in enumerate(folded):
        likes.append(f"s.words LIKE :word_{number} ESCAPE '!'")
        found.where.parameters[f"word_{number}"] = f"%{_escaped(word)}%"
    found.tests.append(
        f"EXISTS (SELECT 1 FROM project_search AS s WHERE s.project_id = p.id AND {' AND '.join(likes)})"
    )
    trigrams = dict.fromkeys(word[at : at + 3] for word in folded for at in range(len(word) - 2))
    if not trigrams or not has_trigrams(session):
        found.slow_starts.append(f"SELECT s.project_id AS id FROM project_search AS s WHERE {' AND '.join(likes)}")
    else:
        found.quick_starts.append(f"SELECT rowid AS id FROM {TRIGRAMS} WHERE {TRIGRAMS} MATCH :trigrams")
        found.where.parameters["trigrams"] = " ".join('"' + three.replace('"', '""') + '"' for three in trigrams)


def _escaped(word: str) -> str:
    """Percent signs and underscores that were typed are looked for as such."""
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")


# --- deadlines ----------------------------------------------------------------------------------------

# A safe day is never after its rolled day: the first condition is for the index, the second is the truth.
_SPANS = {
    Due.OVERDUE: "d.safe_on < :today AND d.rolled_on < :today",
    Due.SOON: "d.safe_on <= :soon AND d.rolled_on >= :today",
    Due.AHEAD: "d.safe_on <= :ahead AND d.rolled_on >= :today",
    Due.LATER: "d.safe_on > :soon AND d.safe_on <= :ahead AND d.rolled_on >= :today",
}


def _add_deadline(session: Session, found: Conditions, due: Due, today: date) -> None:
    running = "SELECT 1 FROM deadline AS d WHERE d.project_id = p.id AND d.status <> 'closed'"
    if due is Due.NONE:
        found.tests.append(f"NOT EXISTS ({running})")
        found.may_be_due = False
        return
    calendar = rulebook(session).calendar
    soon, ahead = (calendar.workday(today, span.count) for span in (_SOON, _AHEAD))
    days = {"today": today, "soon": soon, "ahead": ahead}
    found.where.parameters |= {name: day.isoformat() for name, day in days.items()}
    # What is open is not closed: said twice, because an index is of those that are not closed.
    found.tests.append(f"EXISTS ({running} AND d.status = 'open' AND {_SPANS[due]})")
    found.quick_starts.append(f"SELECT d.project_id AS id FROM deadline AS d WHERE d.status = 'open' AND {_SPANS[due]}")


# --- running ------------------------------------------------------------------------------------------

#: A list of numbers or codes as one parameter: the text of a statement then stays the same for any number of them.
_LISTED = {
    "sqlite": "(SELECT value FROM json_each(:{name}))",
    "postgresql": "(SELECT CAST(value AS {type}) FROM json_array_elements_text(CAST(:{name} AS JSON)))",
}


def run(session: Session, sql: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Run SQL in which `IN :name` takes a list of numbers or of codes; parameters that it does not name do no harm."""
    text, bound = _told(session, sql, parameters)
    rows = [row._asdict() for row in _statement(text).rows(session, **bound)]
    # SQLite has days and instants as text already.
    return rows if session.connection().dialect.name == "sqlite" else [plain_row(row) for row in rows]


def ids_of(session: Session, sql: str, parameters: Mapping[str, Any]) -> list[int]:
    """Run SQL that gives one column of ids."""
    text, bound = _told(session, sql, parameters)
    return [row[0] for row in _statement(text).rows(session, **bound)]


@lru_cache(maxsize=1_000)
def _statement(sql: str) -> Statement:
    return Statement(sql)


def _told(session: Session, sql: str, parameters: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Write lists as this database reads them."""
    dialect = session.connection().dialect.name
    bound = dict(parameters)
    for name, value in parameters.items():
        if isinstance(value, list):
            kind = "BIGINT" if value and isinstance(value[0], int) else "TEXT"
            # In an empty list is nothing, of whatever kind.
            listed = _LISTED[dialect].format(name=name, type=kind) if value else "(NULL)"
            sql, bound[name] = sql.replace(f"IN :{name}", f"IN {listed}"), json.dumps(value)
    return sql, bound
