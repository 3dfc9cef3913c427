"""The SQL of the roll-ups: each figure added up by two statements that share no table of figures.

Money and work: from the balances, which repeat year, content and "is in the plan" of their project; and from the
append-only entries, with the project's own columns and its stage. By month: from the entries with the columns of
their events; and from what the hashed bodies of the events say. Amounts in đồng.
"""

from collections.abc import Mapping

from models.rollups.cells import STEPS
from states.effects import QuantityKind
from states.lifecycle import PLANNED
from states.rollups import Step
from states.vocabulary import MoneyKind, Source

#: What a person reads of a project decides `{where}`; the statements are finished by models.queries.scope.Where.
IN_THE_PLAN = f"p.stage IN ({', '.join(repr(str(stage)) for stage in sorted(PLANNED))})"

#: How a balance `f` says each step, and which kinds of entries `m` add up to it.
MONEY_BALANCE: Mapping[Step, str] = {
    Step.PLANNED: "f.asked * f.counted",
    Step.APPROVED: "f.approved + f.adjusted",
    Step.IMPLEMENTED: "f.accepted",
    Step.SETTLED: "f.settled",
}
WORK_BALANCE: Mapping[Step, str] = {
    **MONEY_BALANCE,
    Step.PLANNED: "f.planned * f.counted",
    Step.APPROVED: "f.approved",
}
MONEY_KINDS: Mapping[Step, tuple[MoneyKind, ...]] = {
    Step.PLANNED: (MoneyKind.ASKED,),
    Step.APPROVED: (MoneyKind.APPROVED, MoneyKind.ADJUSTED),
    Step.IMPLEMENTED: (MoneyKind.ACCEPTED,),
    Step.SETTLED: (MoneyKind.SETTLED,),
}
_WORK_KINDS: Mapping[Step, QuantityKind] = {
    Step.PLANNED: QuantityKind.PLANNED,
    Step.APPROVED: QuantityKind.APPROVED,
    Step.IMPLEMENTED: QuantityKind.ACCEPTED,
    Step.SETTLED: QuantityKind.SETTLED,
}

_SOURCES = tuple(enumerate(Source))
_PLACES = [(number, source, place, step) for number, source in _SOURCES for place, step in enumerate(STEPS)]


def of_kinds(step: Step, entry: str = "m") -> str:
    return f"{entry}.kind IN ({', '.join(repr(str(kind)) for kind in MONEY_KINDS[step])})"


def _only_planned(step: Step, in_the_plan: str = IN_THE_PLAN) -> str:
    """An entry of a project that left the plan, or never got into it, is no planned one."""
    return f" AND {in_the_plan}" if step is Step.PLANNED else ""


# --- money by year, content, state, unit and place: one pass, which the cells are read off -------------

#: A project's four steps from each source are s0_0 … s2_3.
_PROJECT_SUMS = ", ".join(f"s{number}_{place}" for number, _, place, _ in _PLACES)
_SUMS = ", ".join(f"sum(s{number}_{place})" for number, _, place, _ in _PLACES)
_COUNTS = ", ".join(f"count(CASE WHEN s{number}_{place} <> 0 THEN 1 END)" for number, _, place, _ in _PLACES)
_ONCE = ", ".join(
    f"count(CASE WHEN {' OR '.join(f's{number}_{place} <> 0' for number, _ in _SOURCES)} THEN 1 END)"
    for place, _ in enumerate(STEPS)
)
_ALL = f"{_SUMS}, {_COUNTS}, {_ONCE}"

_FROM_BALANCES = ", ".join(
    f"sum(CASE WHEN f.source = '{source}' THEN {MONEY_BALANCE[step]} ELSE 0 END) AS s{number}_{place}"
    for number, source, place, step in _PLACES
)


def _from_entries(in_the_plan: str) -> str:
    return ", ".join(
        f"sum(CASE WHEN m.source = '{source}' AND {of_kinds(step)}{_only_planned(step, in_the_plan)} "
        f"THEN m.amount * m.direction ELSE 0 END) AS s{number}_{place}"
        for number, source, place, step in _PLACES
    )


MONEY_BY_BALANCES = f"""
    SELECT b.plan_year, b.content_no, p.state, p.unit_id, p.place_id, {_ALL}
    FROM (
        SELECT f.project_id, max(f.plan_year) AS plan_year, max(f.content_no) AS content_no, {_FROM_BALANCES}
        FROM funding AS f WHERE f.programme_id = :programme GROUP BY f.project_id
    ) AS b JOIN project AS p ON p.id = b.project_id WHERE {{where}}
    GROUP BY b.plan_year, b.content_no, p.state, p.unit_id, p.place_id"""
MONEY_BY_ENTRIES = f"""
    SELECT plan_year, content_no, state, unit_id, place_id, {_ALL}
    FROM (
        SELECT p.plan_year, p.content_no, p.state, p.unit_id, p.place_id, {_from_entries(IN_THE_PLAN)}
        FROM project AS p JOIN money_entry AS m ON m.project_id = p.id
        WHERE p.programme_id = :programme AND {{where}}
        GROUP BY p.id
    ) AS added GROUP BY plan_year, content_no, state, unit_id, place_id"""

# --- work by year and target --------------------------------------------------------------------------

_WORK = ", ".join(f"sum({WORK_BALANCE[step]})" for step in STEPS)
_WORKING = ", ".join(f"count(CASE WHEN {WORK_BALANCE[step]} <> 0 THEN 1 END)" for step in STEPS)
WORK_BY_BALANCES = f"""
    SELECT f.plan_year, f.target_code, {_WORK}, {_WORKING}
    FROM contribution AS f WHERE f.programme_id = :programme GROUP BY f.plan_year, f.target_code"""
#: The same for a reader who may not see every project: only then is the project looked up.
WORK_BY_READABLE_BALANCES = f"""
    SELECT f.plan_year, f.target_code, {_WORK}, {_WORKING}
    FROM contribution AS f JOIN project AS p ON p.id = f.project_id
    WHERE f.programme_id = :programme AND {{where}} GROUP BY f.plan_year, f.target_code"""
_WORK_ENTRIES = ", ".join(
    f"sum(CASE WHEN m.kind = '{_WORK_KINDS[step]}'{_only_planned(step)} "
    f"THEN m.quantity * m.direction ELSE 0 END) AS q{place}"
    for place, step in enumerate(STEPS)
)
_WORK_SUMS = ", ".join(f"sum(q{place})" for place, _ in enumerate(STEPS))
_WORK_COUNTS = ", ".join(f"count(CASE WHEN q{place} <> 0 THEN 1 END)" for place, _ in enumerate(STEPS))
WORK_BY_ENTRIES = f"""
    SELECT plan_year, target_code, {_WORK_SUMS}, {_WORK_COUNTS}
    FROM (
        SELECT p.plan_year, m.target_code, {_WORK_ENTRIES}
        FROM project AS p JOIN quantity_entry AS m ON m.project_id = p.id
        WHERE p.programme_id = :programme AND {{where}}
        GROUP BY p.id, p.plan_year, m.target_code
    ) AS added GROUP BY plan_year, target_code"""

# --- money by month -----------------------------------------------------------------------------------

#: The month of an event: that of its paper, or of its entry in the office where it has none (a draft, an edit).
MONTH: Mapping[str, str] = {
    "sqlite": "coalesce(substr(e.decided_on, 1, 7), strftime('%Y-%m', e.recorded_at, '+7 hours'))",
    "postgresql": (
        "coalesce(to_char(e.decided_on, 'YYYY-MM'), to_char(e.recorded_at AT TIME ZONE INTERVAL '7 hours', 'YYYY-MM'))"
    ),
}
#: The entries as the hashed bodies tell them; a body is taken apart only when it has some.
#: On SQLite a body that is no JSON adds nothing, and the sums will differ; PostgreSQL stops at it, and adds none.
_TOLD: Mapping[str, str] = {
    "sqlite": """
        SELECT e.subject_id AS project_id, json_extract(l.value, '$.source') AS source,
               json_extract(l.value, '$.kind') AS kind, json_extract(l.value, '$.amount') AS amount,
               json_extract(l.value, '$.direction') AS direction,
               coalesce(substr(json_extract(e.body, '$.decided_on'), 1, 7),
                        strftime('%Y-%m', json_extract(e.body, '$.recorded_at'), '+7 hours')) AS month
        FROM event AS e,
             json_each(CASE WHEN json_valid(e.body) THEN e.body ELSE 'null' END, '$.lines.money_entry') AS l
        WHERE e.subject_kind = 'project' AND instr(e.body, '"money_entry"') > 0""",
    "postgresql": """
        SELECT t.subject_id AS project_id, l.value ->> 'source' AS source, l.value ->> 'kind' AS kind,
               CAST(l.value ->> 'amount' AS BIGINT) AS amount, CAST(l.value ->> 'direction' AS BIGINT) AS direction,
               coalesce(left(t.body ->> 'decided_on', 7),
                        to_char(CAST(t.body ->> 'recorded_at' AS TIMESTAMPTZ) AT TIME ZONE INTERVAL '7 hours',
                                'YYYY-MM')) AS month
        FROM (SELECT subject_id, CAST(body AS JSONB) AS body FROM event
              WHERE subject_kind = 'project' AND strpos(body, '"money_entry"') > 0) AS t
        CROSS JOIN LATERAL jsonb_array_elements(t.body -> 'lines' -> 'money_entry') AS l(value)""",
}
_MONTHS = f"""{{before}}
    SELECT plan_year, month, {_ALL}
    FROM (
        SELECT p.plan_year, {{month}} AS month, {{sums}}
        FROM {{entries}} JOIN project AS p ON p.id = m.project_id
        WHERE p.programme_id = :programme AND {{{{where}}}}
        GROUP BY p.id, p.plan_year, {{month}}
    ) AS added GROUP BY plan_year, month"""


def months_by_entries(dialect: str) -> str:
    """Its planned money asks the project's flag and not its stage, as the other statement does."""
    entries = "money_entry AS m JOIN event AS e ON e.id = m.event_id"
    return _MONTHS.format(before="", month=MONTH[dialect], sums=_from_entries("p.counted = 1"), entries=entries)


def months_by_bodies(dialect: str) -> str:
    """What the bodies tell is kept once: read in place, each of its twelve sums would take a body apart again."""
    told = f"WITH told AS MATERIALIZED ({_TOLD[dialect]})"
    return _MONTHS.format(before=told, month="m.month", sums=_from_entries(IN_THE_PLAN), entries="told AS m")
