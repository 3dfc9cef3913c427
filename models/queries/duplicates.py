"""Support given twice as the doors show it: for one project, and over the whole register."""

from itertools import combinations
from typing import Any

from sqlmodel import Session

from models.duplicates import (
    COLUMNS,
    GROUPED,
    NO_SUPPORT,
    Found,
    found,
    found_for,
    may_read,
    successors_of,
    supports_of,
)
from models.queries.scope import project_id_of
from models.statement import Statement
from states.duplicates import Support, activity_class, duplicates, tax_root
from states.facts import Person
from states.folding import fold
from states.lifecycle import stage_label
from states.vocabulary import Route, Stage

__all__ = ["all_duplicates", "duplicates_of"]


def duplicates_of(session: Session, code: str, *, reader: Person | None = None) -> list[dict[str, Any]]:
    """The projects that give the same machine to a beneficiary of this one, the certain ones first, amounts in đồng.

    Of a project outside the reader's scope only code and year are told; everything else is None. Raises Refused for
    a `code` that is unknown or itself outside that scope.
    """
    return [_shown(one) for one in found_for(session, project_id_of(session, code, reader), reader)]


def all_duplicates(session: Session, *, year: int | None = None, reader: Person | None = None) -> list[dict[str, Any]]:
    """Every pair of projects by which support may be given twice: the later `project`, and the earlier one.

    `year` is the plan year of the later project, which is the one in the reader's scope. Drafts are left out, they
    are asked about one by one.
    """
    rows = _EVERYTHING.rows(session)
    supports, heads = supports_of(rows), {row.id: row for row in rows}
    successors = successors_of(session, rows)
    pairs = []
    for later, earlier in sorted(_kindred(supports)):
        head = heads[later[1]]
        if (year is not None and head.plan_year != year) or not may_read(reader, head):
            continue
        for again in duplicates(supports[later[1]], [supports[earlier[1]]], successors):
            told = _shown(found(session, heads[earlier[1]], again, reader))
            pairs.append({"project": _card(head)} | told)
    return pairs


_EVERYTHING = Statement(f"""
    SELECT {COLUMNS}
    FROM project_beneficiary AS n JOIN project AS p ON p.id = n.project_id
    JOIN beneficiary AS b ON b.id = n.beneficiary_id
    WHERE p.stage NOT IN ({", ".join(f"'{stage}'" for stage in NO_SUPPORT)})
    {GROUPED}""")

_Age = tuple[int, int]


def _kindred(supports: dict[int, Support]) -> set[tuple[_Age, _Age]]:
    """Pairs of one class that may have a beneficiary in common, by record, firm or name; the later one first."""
    groups: dict[tuple[str, str, object], set[_Age]] = {}
    for support in supports.values():
        kind = activity_class(support.activity)
        for recipient in support.recipients:
            signs = [(kind, "record", recipient.id), (kind, "name", fold(recipient.name))]
            if recipient.tax_code:
                signs.append((kind, "firm", tax_root(recipient.tax_code)))
            for sign in signs:
                groups.setdefault(sign, set()).add((support.plan_year, support.id))
    return {(later, earlier) for group in groups.values() for earlier, later in combinations(sorted(group), 2)}


def _card(row: Any) -> dict[str, Any]:
    route, stage = Route(row.route), Stage(row.stage)
    return {
        "code": row.code,
        "name": row.name,
        "plan_year": row.plan_year,
        "route": str(route),
        "route_label": route.label,
        "stage": str(stage),
        "stage_label": stage_label(stage, route),
        "equipment": row.equipment,
    }


def _shown(one: Found) -> dict[str, Any]:
    card = _card(one.row)
    more = {
        "beneficiary": one.duplicate.recipient.name,
        "recognised_by": str(one.duplicate.kinship),
        "asked": one.asked,
        "approved": one.approved,
    }
    if one.hidden:
        told = ("code", "plan_year")
        card = {key: value if key in told else None for key, value in card.items()}
        more = dict.fromkeys(more)
    return {
        **card,
        **more,
        "certainty": str(one.duplicate.certainty),
        "certainty_label": one.duplicate.certainty.label,
        "hidden": one.hidden,
        "sentence": one.sentence,
    }
