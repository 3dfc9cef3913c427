"""A preview as plain values: what `dean import --json` prints and the interface for programs answers."""

from typing import Any

from flows.jobs.imports.preview import Preview
from flows.jobs.imports.rows import Row


def as_values(seen: Preview) -> dict[str, Any]:
    """Every row and every faulty cell of a previewed file, with the addresses that the person's program shows."""
    return {
        "file": seen.file_name,
        "sha256": seen.sha256,
        "sheet": seen.sheet,
        "programme": seen.programme,
        "vouched_by": seen.old.vouching.code if seen.old else None,
        "basis": seen.old.book.basis if seen.old else None,
        "columns": [
            {"column": one.letter, "head": one.head, "field": one.label, "unit": one.unit} for one in seen.columns
        ],
        "remarks": [
            {"place": place, "sentence": sentence, "warning": warning} for place, sentence, warning in seen.remarks
        ],
        "corrected": seen.corrected,
        "new_beneficiaries": [
            {"name": firm.name, "alike": [{"id": number, "name": seen.known[number]} for number in firm.alike]}
            for firm in seen.untaxed
        ],
        "conflicts": [
            {
                "cell": one.address,
                "project": one.code,
                "label": one.label,
                "was": one.was,
                "now": one.now,
                "theirs": one.theirs,
            }
            for one in seen.conflicts
        ],
        "rows": [_row(row) for row in seen.rows],
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "row": row.number,
        "outcome": str(row.outcome),
        "project": row.code,
        "name": row.name,
        "changes": [
            {"cell": change.address, "label": change.label, "was": change.was, "now": change.now}
            for change in row.changes
        ],
        "notes": row.notes,
        "errors": [{"cell": error.address, "sentence": error.sentence} for error in row.errors],
    }
