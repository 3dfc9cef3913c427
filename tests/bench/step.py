"""One durable step against bare sqlite3 writing the same rows."""

import time
from collections.abc import Iterator
from typing import Any

from models import ledger
from models.loading import load_person
from states.actions import Action
from states.facts import Enclosure, Order
from states.vocabulary import Paper
from tests.bench.offices import at_rest, beneficiaries, furnished
from tests.bench.replay import Written, copied, recorded, write_bare

PROJECTS, ROUNDS = 400, 3


def measure() -> Iterator[str]:
    """Submit drafts one by one: guards, event, sums, papers, commit with synchronous=FULL."""
    for number in range(1, ROUNDS + 1):
        ours, bare = _round()
        yield (
            f"round {number}: ours {ours / PROJECTS * 1e6:,.0f} µs ({PROJECTS / ours:,.0f}/s), "
            f"bare sqlite3 {bare / PROJECTS * 1e6:,.0f} µs ({PROJECTS / bare:,.0f}/s), ratio {ours / bare:.2f}"
        )


def _round() -> tuple[float, float]:
    with furnished() as (office, path):
        codes = [office.open(beneficiaries=(one,)) for one in beneficiaries(office, PROJECTS)]
        at_rest(office)
        first, second = copied(path, "again.db"), copied(path, "bare.db")
        with recorded() as steps:
            _submit(office, codes, steps)
        at_rest(office)
        # Measured on a fresh copy without the recorder, right before the bare run.
        path.unlink()
        first.rename(path)
        started = time.perf_counter()
        _submit(office, codes, None)
        return time.perf_counter() - started, write_bare(second, steps)


def _submit(office: Any, codes: list[str], steps: list[Written] | None) -> None:
    papers = (Enclosure(Paper.DOSSIER), Enclosure(Paper.SUPPORT_REQUEST))
    for code in codes:
        if steps is not None:
            steps.append([])
        with office.store.write() as session:
            person = load_person(session, "an")
            order = Order(Action.SUBMIT, person, office.at, number="01/TTKC", papers=papers)
            ledger.advance(session, code, order)
