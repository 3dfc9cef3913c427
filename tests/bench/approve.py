"""Approving 1,000 projects in one decision."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from models import decisions, ledger
from models.append import Origin
from models.forms import ProjectForm
from models.loading import load_person
from models.projects import open_project
from states.vocabulary import Source
from tests.bench.offices import at_rest, beneficiaries, furnished
from tests.bench.replay import copied, recorded, write_bare

PROJECTS = 1_000


def measure() -> Iterator[str]:
    with furnished() as (office, path):
        codes = _cleared(office)
        at_rest(office)
        copy, bare_path = copied(path, "again.db"), copied(path, "bare.db")
        with recorded() as steps:
            steps.append([])
            _approve(office, codes)
        at_rest(office)
        path.unlink()
        copy.rename(path)
        started = time.perf_counter()
        _approve(office, codes)
        ours = time.perf_counter() - started
        bare = write_bare(bare_path, steps)
        yield f"{PROJECTS:,} projects in one transaction: {ours:.2f} s, bare {bare:.2f} s, ratio {ours / bare:.2f}"


def _cleared(office: Any) -> list[str]:
    """Projects waiting for approval. Each takes its steps through the ledger, many to a transaction."""
    store, at = office.store, office.at
    form: dict[str, Any] = {
        "programme": "KC-VL-2021-2025",
        "content": 2,
        "activity": "machinery",
        "route": "local",
        "plan_year": 2024,
        "unit": "ttkc",
        "targets": {"T2_2": 1},
        "total_cost": 600_000_000,
    }
    workshops = beneficiaries(office, PROJECTS)
    with store.write() as session:
        author = load_person(session, "an")
        amounts = {Source.LOCAL_FUND: 1_000_000, Source.COUNTERPART: 2_000_000}
        codes = [
            open_project(
                session,
                ProjectForm(name=f"Đề án {n}", beneficiaries=(one,), amounts=amounts, **form),
                by=author,
                origin=Origin(at, author.id),
            )
            for n, one in enumerate(workshops)
        ]
    roads = (
        ("submit", "an", {"number": "1", "papers": ("dossier", "support_request")}),
        ("start_appraisal", "binh", {"number": "2"}),
        ("pass_appraisal", "chi", {"number": "3", "signer": "Lê Minh Chi"}),
        ("send_to_finance", "binh", {"number": "4", "signer": "Lê Minh Chi", "papers": ("estimate",)}),
        ("pass_review", "binh", {"number": "5", "signer": "Hồ Khoa", "decided_on": (at + timedelta(days=1)).date()}),
    )
    office.at += timedelta(days=1)
    for action, by, typed in roads:
        with store.write() as session:
            for code in codes:
                ledger.advance(session, code, office.order(action, by, session, typed))
    return codes


def _approve(office: Any, codes: list[str]) -> None:
    paper = decisions.DecisionPaper("980/QĐ-UBND", office.today, "Lê Quang Trung", total=PROJECTS * 1_000_000)
    with office.store.write() as session:
        by = load_person(session, "binh")
        decisions.approve(session, [decisions.ApprovalLine(code) for code in codes], paper, by=by, at=office.at)
