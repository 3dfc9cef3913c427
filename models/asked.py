"""What an adjustment asks for, as JSON in its row, and back."""

import json
from datetime import date
from typing import Any

from models.chain import plain
from states.facts import Asked
from states.vocabulary import Change, Source

#: Columns of a project that hold days.
_DAYS = frozenset({"starts_on", "ends_on"})


def asked_text(asked: Asked) -> str:
    """The new values of a request as canonical JSON; what it leaves alone is left out."""
    values: dict[str, Any] = {
        "amounts": {str(source): amount for source, amount in asked.amounts.items()},
        "targets": dict(asked.targets),
        "columns": {column: plain(value) for column, value in asked.columns.items()},
        "beneficiaries": list(asked.beneficiaries) if asked.beneficiaries is not None else None,
        "next_year": asked.next_year or None,
    }
    return json_text({key: value for key, value in values.items() if value not in (None, {})})


def json_text(value: Any) -> str:
    """JSON as the ledger keeps it in columns: sorted keys, real letters."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def kinds_text(kinds: frozenset[Change]) -> str:
    """Kinds of change in the order of the circular."""
    return json_text([str(kind) for kind in Change if kind in kinds])


def read_asked(text: str, kinds: str) -> Asked:
    """The request behind a row."""
    values = json.loads(text)
    columns = values.get("columns", {})
    named = values.get("beneficiaries")
    return Asked(
        kinds=frozenset(Change(kind) for kind in json.loads(kinds)),
        amounts={Source(source): amount for source, amount in values.get("amounts", {}).items()},
        targets=values.get("targets", {}),
        columns={c: date.fromisoformat(v) if c in _DAYS and v else v for c, v in columns.items()},
        beneficiaries=None if named is None else tuple(named),
        next_year=bool(values.get("next_year")),
    )
