"""The lifecycle table as programs read it: a row of plain values for each step."""

from collections.abc import Iterable
from typing import Any

from states.lifecycle import Step
from states.vocabulary import Role, Stage


def taken_by(step: Step) -> dict[str, str]:
    """What the form of a step has beside number, day, signer, note and papers: each field with how it is typed."""
    money = {"amounts": "số tiền (--amount)"} if step.money else {}
    return money | {str(field): field.label for field in step.takes}


def step_rows(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """The steps in the order of the table."""
    return [
        {
            "action": step.action,
            "label": step.label,
            "from": [stage for stage in Stage if stage in step.sources],
            "to": step.target,
            "authorities": {route: list(bodies) for route, bodies in step.authorities.items()},
            "recorders": [role for role in Role if role in step.recorders],
            "papers": list(step.papers),
            "act": step.act,
            "signed": step.signed,
            "noted": step.noted,
            "money": step.money,
            "takes": taken_by(step),
            "basis": [basis.text for basis in step.basis],
        }
        for step in steps
    ]
