"""Every step of the lifecycle through its form: the browser writes what the ledger writes, row by row."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from models import contracts, ledger
from models.loading import load_person
from models.store import open_store
from states.actions import Action
from states.facts import Asked, Enclosure, Instalment, Order
from states.steps import STEP, STEPS
from states.vocabulary import Authority, Change, Kind, Paper, Route, Source, Stage
from states.words import format_date
from tests.web.reading import read

TRIEU = 1_000_000
FUND = Source.LOCAL_FUND
SIGNER = "Lê Minh Chi"
REASON = "Theo hồ sơ kèm theo"


@dataclass(frozen=True)
class Case:
    """A step that is open: how the project gets there, who takes it, and what is typed."""

    bring: Callable[[Any], str]
    by: str = "binh"
    typed: dict[str, Any] = field(default_factory=dict)


def at(stage: str, **changes: Any) -> Callable[[Any], str]:
    return lambda office: office.bring(office.open(**changes), stage)


def then(bring: Callable[[Any], str], *steps: tuple[str, str, dict[str, Any]]) -> Callable[[Any], str]:
    """Take more steps after a road; what is typed has number, signer and reason."""

    def taken(office: Any) -> str:
        code = bring(office)
        for action, by, typed in steps:
            day = (office.at + timedelta(days=1)).date()
            usual = {"number": f"{office.at:%d%m}-{action}", "signer": SIGNER, "note": REASON, "decided_on": day}
            office.step(code, action, by, **(usual | typed))
        return code

    return taken


def group(office: Any) -> str:
    members = (office.beneficiary, office.workshop("Cơ sở Khô cá Long Hồ"))
    draft = office.open(kind=Kind.GROUP, beneficiaries=members, targets={"T2_2": 2})
    return str(office.bring(draft, "awaiting_acceptance"))


def waiting_adjustment(office: Any) -> str:
    code = office.bring(office.open(), "underway")
    asked = Asked(amounts={FUND: 250 * TRIEU}, columns={"partner": "Hội Nghề"})
    office.step(code, "request_adjustment", "an", number="20/TTKC", note=REASON, asked=asked)
    return str(code)


def confirmed_adjustment(office: Any) -> str:
    code = waiting_adjustment(office)
    office.step(code, "confirm_adjustment", "chi", number="21/SCT", signer=SIGNER)
    return code


CONTRACTED = then(
    at("contracted"), ("allot", "dung", {"amounts": {FUND: 300 * TRIEU}, "authority": Authority.PROVINCE})
)
PREPAID = then(
    CONTRACTED,
    (
        "prepay",
        "dung",
        {"amounts": {FUND: 200 * TRIEU}, "papers": (Paper.WORK_PLAN, Paper.PREPAYMENT_REQUEST)},
    ),
)
STOPPED = then(PREPAID, ("stop", "chi", {"amounts": {FUND: 50 * TRIEU}, "papers": (Paper.FORM_5A,)}))
RECOVERING = then(STOPPED, ("start_recovery", "chi", {}))
#: Prepaid 200, accepted 150: 50 must come back.
OVERPAID = then(
    PREPAID,
    ("start", "an", {}),
    ("report_completion", "an", {"papers": (Paper.VOUCHERS,)}),
    ("accept", "chi", {"amounts": {FUND: 150 * TRIEU}, "quantities": {"T2_2": 1}}),
)
RETURNED = then(at("submitted"), ("return", "binh", {"missing": ("estimate", "Ảnh nhà xưởng")}))

CASES: dict[str, Case] = {
    "register": Case(at("submitted", route=Route.NATIONAL)),
    "submit": Case(
        at("draft"), "an", {"papers": (Paper.DOSSIER, Paper.SUPPORT_REQUEST), "amounts": {FUND: 280 * TRIEU}}
    ),
    "return": Case(at("submitted"), "binh", {"missing": ("dự toán kinh phí", "Ảnh nhà xưởng")}),
    "resubmit": Case(
        RETURNED, "an", {"papers": (Enclosure(Paper.ESTIMATE), Enclosure(Paper.OTHER, title="Ảnh nhà xưởng"))}
    ),
    "lapse": Case(lambda office: _later(office, RETURNED(office), days=120)),
    "start_appraisal": Case(at("submitted")),
    "pass_appraisal": Case(at("appraising"), "chi", {"amounts": {FUND: 290 * TRIEU}}),
    "fail_appraisal": Case(at("appraising"), "chi"),
    "send_to_agency": Case(at("appraised", route=Route.NATIONAL), "binh", {"papers": (Paper.FORM_2,)}),
    "send_to_finance": Case(at("appraised"), "binh", {"papers": (Paper.ESTIMATE,)}),
    "pass_review": Case(at("reviewing")),
    "fail_review": Case(at("reviewing")),
    "return_review": Case(at("reviewing"), "binh", {"missing": ("dự toán kinh phí",)}),
    "resubmit_review": Case(
        then(at("reviewing"), ("return_review", "binh", {"missing": ("estimate",)})),
        "binh",
        {"papers": (Paper.ESTIMATE,)},
    ),
    "waitlist": Case(at("cleared")),
    "fund": Case(then(at("cleared"), ("waitlist", "binh", {}))),
    "reroute": Case(at("cleared"), "chi"),
    "withdraw": Case(at("submitted"), "an"),
    "approve": Case(at("cleared")),
    "amend_approval": Case(at("approved"), "chi", {"amounts": {FUND: 260 * TRIEU}}),
    "allot": Case(at("approved"), "dung", {"amounts": {FUND: 200 * TRIEU}}),
    "receive_funds": Case(CONTRACTED, "dung"),
    "sign_contract": Case(at("approved"), "chi", {"amounts": {FUND: 290 * TRIEU, Source.COUNTERPART: 350 * TRIEU}}),
    "amend_contract": Case(at("contracted"), "chi", {"amounts": {FUND: 280 * TRIEU, Source.COUNTERPART: 350 * TRIEU}}),
    "start": Case(at("contracted"), "an"),
    "prepay": Case(
        CONTRACTED,
        "dung",
        {"papers": (Paper.WORK_PLAN, Paper.PREPAYMENT_REQUEST), "amounts": {FUND: 210 * TRIEU}, "progress": 40},
    ),
    "request_adjustment": Case(
        at("underway"),
        "an",
        {
            "asked": Asked(
                kinds=frozenset({Change.CARRY_TO_NEXT_YEAR}),
                amounts={FUND: 250 * TRIEU},
                targets={"T2_2": 2},
                columns={"scope": "Hai máy đóng gói", "ends_on": date(2025, 6, 30), "total_cost": 600 * TRIEU},
                next_year=True,
            )
        },
    ),
    "confirm_adjustment": Case(waiting_adjustment, "chi"),
    "approve_adjustment": Case(confirmed_adjustment, "chi", {"amounts": {FUND: 255 * TRIEU}}),
    "refuse_adjustment": Case(waiting_adjustment, "chi", {"authority": Authority.DEPARTMENT}),
    "carry_over": Case(at("underway"), "chi"),
    "suspend": Case(at("underway"), "chi"),
    "resume": Case(then(at("underway"), ("suspend", "chi", {})), "chi"),
    "report_completion": Case(at("underway"), "an", {"papers": (Paper.VOUCHERS,)}),
    "accept_share": Case(
        group,
        "chi",
        {"beneficiary_id": 0, "amounts": {FUND: 150 * TRIEU}, "quantities": {"T2_2": 1}, "cost": 400 * TRIEU},
    ),
    "fail_share": Case(group, "chi", {"beneficiary_id": 0}),
    "accept": Case(at("awaiting_acceptance"), "chi", {"cost": 500 * TRIEU, "quantities": {"T2_2": 1}}),
    "fail_acceptance": Case(at("awaiting_acceptance"), "chi"),
    "retry_acceptance": Case(then(at("awaiting_acceptance"), ("fail_acceptance", "chi", {})), "an"),
    "pay": Case(at("accepted"), "dung", {"amounts": {FUND: 120 * TRIEU}}),
    "submit_settlement": Case(at("accepted"), "an"),
    "return_settlement": Case(
        then(at("accepted"), ("submit_settlement", "an", {})),
        "dung",
        {"missing": ("hóa đơn",), "authority": Authority.FINANCE_DEPARTMENT},
    ),
    "settle": Case(at("settling"), "dung"),
    "stop": Case(
        PREPAID,
        "chi",
        {"amounts": {FUND: 230 * TRIEU}, "quantities": {"T2_2": 1}, "papers": (Paper.FORM_5A,)},
    ),
    "demand_refund": Case(OVERPAID, "dung", {"instalments": ((60, 20), (120, 30))}),
    "start_recovery": Case(STOPPED, "chi", {"instalments": ((60, 100), (90, 50))}),
    "receive_recovery": Case(RECOVERING, "dung", {"amounts": {FUND: 60 * TRIEU}}),
    "close_recovery": Case(then(RECOVERING, ("receive_recovery", "dung", {"amounts": {FUND: 150 * TRIEU}})), "dung"),
    "write_off": Case(RECOVERING, "chi"),
    "revert": Case(at("submitted"), "chi"),
}


def _later(office: Any, code: str, *, days: int) -> str:
    office.at += timedelta(days=days)
    return code


def test_every_step_has_a_case() -> None:
    assert {str(step.action) for step in STEPS} == set(CASES)


def typed_of(office: Any, action: str, case: Case) -> dict[str, Any]:
    """What the order holds: the case's own, and what every paper has."""
    step, today = STEP[Action(action)], office.at.date()
    typed: dict[str, Any] = {"number": "77/VB-2024", "decided_on": today, **case.typed}
    if step.signed:
        typed["signer"] = SIGNER
    if step.noted:
        typed["note"] = REASON
    if "instalments" in typed:
        typed["instalments"] = tuple(
            Instalment(today + timedelta(days=days), amount * TRIEU) for days, amount in typed["instalments"]
        )
    if typed.get("beneficiary_id") == 0:
        typed["beneficiary_id"] = office.beneficiary
    papers = typed.get("papers", ())
    typed["papers"] = tuple(paper if isinstance(paper, Enclosure) else Enclosure(paper) for paper in papers)
    return typed


def as_typed_in_fields(typed: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """The same as a person types it into the form."""
    sent: dict[str, Any] = {name: typed[name] for name in ("number", "signer", "note", "override") if name in typed}
    sent["decided_on"] = format_date(typed["decided_on"])
    sent |= {name: str(typed[name]) for name in ("cost", "progress", "beneficiary_id") if name in typed}
    if "authority" in typed:
        sent["authority"] = str(typed["authority"])
    sent |= {f"amount_{source}": f"{amount // TRIEU} triệu" for source, amount in typed.get("amounts", {}).items()}
    sent |= {f"quantity_{target}": str(number) for target, number in typed.get("quantities", {}).items()}
    if "missing" in typed:
        sent["missing"] = "\r\n".join(typed["missing"])
    for row, part in enumerate(typed.get("instalments", ()), start=1):
        sent |= {f"due_day_{row}": format_date(part.due_on), f"due_amount_{row}": f"{part.amount:,}".replace(",", ".")}
    for paper in typed["papers"]:
        name = f"has_paper_{paper.kind}"
        if paper.kind is Paper.OTHER:
            name = next(known for known in sorted(names) if known.startswith("has_item_"))
        sent[name] = "1"
    if "asked" in typed:
        sent |= _asked_fields(typed["asked"])
    return sent


def _asked_fields(asked: Asked) -> dict[str, Any]:
    sent: dict[str, Any] = {"kind": sorted(asked.kinds), "asked_amount": str(asked.amounts[FUND])}
    sent |= {f"asked_target_{target}": str(number) for target, number in asked.targets.items()}
    days = {name: format_date(day) for name, day in asked.columns.items() if isinstance(day, date)}
    return sent | {f"asked_{name}": days.get(name, str(value)) for name, value in asked.columns.items()}


def twin_of(office: Any, folder: Path) -> Any:
    """The same register once more, for what the ledger itself writes."""
    with office.store.writer.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    folder.mkdir()
    shutil.copy(office.store.url.removeprefix("sqlite:///"), folder / "dean.db")
    return replace(office, store=open_store(f"sqlite:///{folder / 'dean.db'}", folder / "files"))


def written(office: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Every row that an event explains; sessions of browsers are none of the ledger's."""
    return {name: rows for name, rows in office.everything().items() if name != "web_session"}


def record_at_the_ledger(office: Any, code: str, action: str, by: str, typed: dict[str, Any]) -> None:
    with office.store.write() as session:
        person = load_person(session, by)
        if action == "sign_contract":
            line = contracts.ContractedProject(code, typed["amounts"])
            paper = contracts.ContractPaper(typed["number"], typed["decided_on"], typed["signer"])
            contracts.sign(session, [line], paper, by=person, at=office.at, door="web")
            return
        ledger.advance(session, code, Order(Action(action), person, office.at, **typed), door="web")


@pytest.mark.parametrize("action", [action for action in CASES if action != "approve"])
def test_step_recorded_in_the_browser_is_what_the_ledger_records(web: Any, tmp_path: Path, action: str) -> None:
    office, case = web.office, CASES[action]
    code = case.bring(office)
    office.at += timedelta(days=1)
    typed = typed_of(office, action, case)
    twin = twin_of(office, tmp_path / "twin")
    path = f"/projects/{code}/steps/{action}"
    browser = web.by(case.by)

    page = read(browser.get(path).text)
    form = page.form(path)
    fields = as_typed_in_fields(typed, set(form.fields))
    # Fields that propose something else than the case are emptied first, as a person would.
    blank = {name: "" for name in form.fields if name.startswith(("amount_", "quantity_")) and name not in fields}
    answer = browser.post(path, data=form.filled(**blank, **fields))
    record_at_the_ledger(twin, code, action, case.by, typed)

    assert set(fields) - set(form.fields) == set()
    assert (answer.status_code, answer.headers.get("location")) == (303, f"/projects/{code}"), read(answer.text).text
    assert written(office) == written(twin)
    twin.store.close()


@pytest.mark.parametrize("action", [action for action in CASES if STEP[Action(action)].money and action != "approve"])
def test_form_proposes_amounts_that_the_step_takes(web: Any, action: str) -> None:
    """What the form proposes is lawful as it stands; an acceptance needs its cost, a request its own words."""
    office, case = web.office, CASES[action]
    code = case.bring(office)
    office.at += timedelta(days=1)
    typed = typed_of(office, action, case) | {"amounts": {}}
    path = f"/projects/{code}/steps/{action}"
    form = read(web.by(case.by).get(path).text).form(path)
    needed = {"accept_share": {"cost": "400tr"}, "amend_approval": {"amount_local_fund": "300tr"}}.get(action, {})

    sent = form.filled(**(as_typed_in_fields(typed, set(form.fields)) | needed))
    answer = web.by(case.by).post(path, data=sent)

    assert answer.status_code == 303, read(answer.text).text


def test_approval_leads_to_the_list(web: Any) -> None:
    code = CASES["approve"].bring(web.office)

    shown = web.by("binh").get(f"/projects/{code}/steps/approve")
    sent = web.by("binh").post(f"/projects/{code}/steps/approve", data={"number": "1"})

    assert (shown.status_code, shown.headers["location"]) == (303, f"/approvals?code={code}")
    assert sent.status_code == 409
    assert web.office.stage(code) is Stage.CLEARED
