"""Choosing beneficiaries on a form: ticked ones stay, a search on the form itself offers others, no script needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.queries import beneficiaries
from models.queries.choosing import beneficiaries_by_id
from models.store import Session
from states.facts import Person
from states.reading import read_id
from states.refusal import Refused
from web.fields import Fields

FOUND_AT_MOST = 12


@dataclass(frozen=True, slots=True)
class Picker:
    """Beneficiaries to tick, those that a search found, and whether it found more than are shown."""

    rows: list[dict[str, Any]]
    ticked: frozenset[int]
    searched: bool
    is_more: bool


def picked(form: Fields, standing: Sequence[int]) -> tuple[int, ...]:
    """The numbers that are ticked; as long as nothing was sent, those that stand. What is no number is left out."""
    if not form.was_sent:
        return tuple(standing)
    ids = []
    for typed in form.every("beneficiary"):
        try:
            ids.append(read_id(typed))
        except Refused as refused:
            form.refused(refused)
    return tuple(dict.fromkeys(ids))


def _found(session: Session, form: Fields, words: str, reader: Person) -> list[dict[str, Any]]:
    try:
        return beneficiaries(session, words=words, reader=reader, limit=FOUND_AT_MOST + 1)
    except Refused as refused:
        form.mistaken("find_beneficiary", *refused.reasons)
        return []


def picker(session: Session, form: Fields, reader: Person, standing: Sequence[int] = ()) -> Picker:
    """Read what the picker of a form shows."""
    ticked = picked(form, standing)
    words = form.typed("find_beneficiary").strip()
    found = _found(session, form, words, reader) if words else []
    shown = (*standing, *ticked, *(row["id"] for row in found[:FOUND_AT_MOST]))
    return Picker(
        beneficiaries_by_id(session, shown), frozenset(ticked), bool(words), is_more=len(found) > FOUND_AT_MOST
    )
