"""Every endpoint asked over an office with something to answer: the addresses by the name of the operation."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from models.desk.webhooks import write_next
from states.vocabulary import Route, Stage
from tests.web.sampled import PROGRAMME, Sample
from tests.web.test_api_access import acting
from tests.web.test_letter_templates import BETTER
from tests.web.test_project_import import BAD, GOOD, book

API = "/api/v1"
_PLAN, _DRAFT = "/plans/2024/local", "/plans/2025/local"
_RANGE = "start=2026-04-28&end=2026-05-06"


def _by(who: str, *addresses: str) -> tuple[tuple[str, str], ...]:
    return tuple((who, address) for address in addresses)


_OVER = (
    *("draft", "submitted", "returned", "cleared", "reviewing", "approved", "contracted", "underway", "accepted"),
    *("group", "settled", "recovering", "rejected", "national"),
)


def _over_projects(tail: str, *projects: str) -> tuple[tuple[str, str], ...]:
    return _by("binh", *(f"/projects/{{{name}}}{tail}" for name in projects or _OVER))


#: What is looked at, as whom.
LOOKS: dict[str, tuple[tuple[str, str], ...]] = {
    "projects_listed": _by("binh", "/projects", "/projects?limit=2", "/projects?words=khongthay")
    + _by("an", "/projects"),
    "projects_one": (
        *_over_projects(""),
        *_by("hanh", "/projects/{contracted}"),
        *_by("binh", "/projects/{underway}?as_of=2024-06-01&known_on=2024-06-01"),
    ),
    "projects_events": _over_projects("/history"),
    "projects_steps": _over_projects("/steps"),
    "projects_papers": _over_projects("/papers"),
    "projects_paper": _by("binh", "/projects/{underway}/papers/{paper}"),
    "projects_deadlines": _over_projects("/deadlines?every=true"),
    "projects_proof": _over_projects("/deadlines/proof", *(name for name in _OVER if name != "draft")),
    "projects_waterfall": _over_projects("/waterfall"),
    "projects_duplicates": _over_projects("/duplicates"),
    "projects_comments": _over_projects("/comments", "underway", "submitted", "draft"),
    "approvals_waiting": _by("binh", "/approvals?route=local", "/approvals?route=national&stage=appraised"),
    "approvals_listed": _by("em", "/decisions", "/decisions?limit=1"),
    "approvals_one": _by("em", "/decisions/{decision}"),
    "approvals_paper": _by("em", "/decisions/{decision}/papers/{decision_paper}"),
    "contracts_listed": _by("binh", "/contracts", "/contracts?limit=1") + _by("an", "/contracts"),
    "contracts_signable": _by("chi", "/contracts/signable"),
    "contracts_one": _by("chi", "/contracts/{contract}"),
    "contracts_history": _by("chi", "/contracts/{contract}/history"),
    "contracts_waterfall": _by("chi", "/contracts/{contract}/waterfall"),
    "contracts_paper": _by("chi", "/contracts/{contract}/papers/{contract_paper}"),
    "letters_of_project": _over_projects("/letters"),
    "letters_project_letter": _by("binh", "/projects/{cleared}/letters/proposal_letter/docx"),
    "letters_of_contract": _by("chi", "/contracts/{contract}/letters"),
    "letters_contract_letter": _by("chi", "/contracts/{contract}/letters/contract/pdf"),
    "letters_of_decision": _by("binh", "/decisions/{decision}/letters"),
    "letters_decision_letter": _by("binh", "/decisions/{decision}/letters/approval_decision/pdf-a"),
    "letters_of_list": _by("binh", f"{_PLAN}/letters", f"{_DRAFT}/letters"),
    "letters_list_letter": _by("binh", f"{_DRAFT}/letters/proposal_letter/docx"),
    "letters_listed": _by("an", "/templates"),
    "letters_file_of": _by("an", "/templates/contract/file"),
    "letters_dossier": _by("an", "/projects/{underway}/dossier"),
    "letters_proof_sheet": _by("an", "/projects/{submitted}/deadlines/D-CHECK/sheet"),
    "letters_programme_sheet": _by("binh", "/programmes/{programme}/sheet"),
    "plans_listed": _by("binh", "/plans", "/plans?year=2024") + _by("hanh", "/plans"),
    "plans_one": (
        *_by("binh", _PLAN, f"{_PLAN}?version=1", f"{_DRAFT}", f"{_DRAFT}?now=true", "/plans/2024/national"),
        *_by("hanh", _PLAN, f"{_PLAN}?now=true", "/plans/2024/national"),
    ),
    "plans_steps": _by("binh", f"{_PLAN}/steps", f"{_DRAFT}/steps", "/plans/2024/national/steps"),
    "plans_history": _by("binh", f"{_PLAN}/history", f"{_DRAFT}/history"),
    "plans_ranking": _by("binh", f"{_PLAN}/ranking", f"{_DRAFT}/ranking") + _by("hanh", f"{_PLAN}/ranking"),
    "plans_forks": _by("binh", f"{_DRAFT}/forks"),
    "plans_fork": _by("binh", f"{_DRAFT}/fork?name=Ít tiền hơn"),
    "plans_compared": _by("binh", f"{_DRAFT}/compare?right=Ít tiền hơn", f"{_DRAFT}/compare?left=Ít tiền hơn"),
    "programmes_listed": _by("binh", "/programmes"),
    "programmes_figures": _by("binh", "/programmes/{programme}") + _by("hanh", "/programmes/{programme}"),
    "programmes_status": _by("binh", "/programmes/{programme}/status", "/programmes/{programme}/status?projects=true"),
    "programmes_rollup": (
        *_by("binh", *(f"/programmes/{{programme}}/rollup?by={by}" for by in ("content", "source", "commune"))),
        *_by("binh", *(f"/programmes/{{programme}}/rollup?by={by}" for by in ("unit", "month", "target"))),
        *_by("hanh", "/programmes/{programme}/rollup"),
    ),
    "programmes_rows": (
        *_by("binh", "/programmes/{programme}/rows", "/programmes/{programme}/rows?by=content&key=2&source=local_fund"),
        *_by("binh", "/programmes/{programme}/rows?limit=1", "/programmes/{programme}/rows?step=settled"),
    ),
    "programmes_forecast": _by("chi", "/programmes/{programme}/forecast"),
    "programmes_waterfall": _by(
        "binh", "/programmes/{programme}/waterfall", "/programmes/{programme}/waterfall?projects=true"
    ),
    "programmes_year_money": _by("binh", "/years/2024/waterfall?projects=true", "/years/2024/waterfall?route=local"),
    "programmes_duplicates": _by("binh", "/duplicates"),
    "programmes_asked": _by("binh", "/adjustments", "/adjustments?open=true"),
    "programmes_to_recover": _by("binh", "/recoveries"),
    "reports_listed": _by("binh", "/reports"),
    "reports_one": _by("binh", "/reports/{report}"),
    "reports_since": _by("binh", "/reports/{report}/differences"),
    "exports_register": _by("binh", "/exports/register", "/exports/register?form=xlsx"),
    "exports_plan": _by("binh", "/exports/plan/2024/local"),
    "exports_consolidated": _by("binh", "/exports/consolidated/2024/national"),
    "exports_programme": _by("binh", "/exports/programme/{programme}"),
    "exports_settlement": _by("binh", "/exports/settlement?year=2024"),
    "exports_reminders": _by("em", "/exports/reminders"),
    "exports_report": _by("binh", "/exports/reports/{report}"),
    "exports_commune": _by("an", "/exports/commune?unit=ttkc"),
    "exports_calendar": _by("binh", "/exports/calendar/{submitted}"),
    "exports_mart": _by("binh", "/exports/mart"),
    "exports_mart_description": _by("binh", "/exports/mart/description"),
    "reminders_due": _by("binh", "/due", "/due?within=1000", "/due?within=1000&limit=1"),
    "reminders_my_reminders": _by("binh", "/reminders") + _by("an", "/reminders") + _by("chi", "/reminders"),
    "reminders_preferences": _by("binh", "/reminders/preferences") + _by("chi", "/reminders/preferences?person=an"),
    "reminders_ledger": _by("em", "/reminders/ledger", "/reminders/ledger?limit=1"),
    "outbox_listed": _by("giang", "/outbox", "/outbox?limit=1"),
    "outbox_one": _by("giang", "/outbox/{letter}"),
    "outbox_channels": _by("giang", "/channels"),
    "calendar_add": _by(
        "an",
        "/calendar/add?start=2026-04-28&number=5",
        "/calendar/add?start=2026-04-28&number=2&unit=months",
        "/calendar/add?start=2031-04-28&number=20&unit=days&roll=safe",
    ),
    "calendar_count": _by("an", f"/calendar/count?{_RANGE}", "/calendar/count?start=2031-04-28&end=2031-05-06"),
    "calendar_changes": _by("giang", "/calendar/changes"),
    "calendar_one_year": _by("an", "/calendar/2026", "/calendar/2031"),
    "rules_lifecycle": _by("an", "/lifecycle", "/lifecycle?route=national&stage=accepted"),
    "rules_listed": _by(
        "chi", *(f"/rules?kind={kind}" for kind in ("deadlines", "ceilings", "prepayments", "priorities", "reminders"))
    )
    + _by("chi", "/rules"),
    "rules_one": _by("chi", *(f"/rules/{code}" for code in ("P-VL", "D-CHECK"))),
    "directory_everyone": _by("giang", "/people"),
    "directory_one_person": _by("giang", "/people/binh", "/people/an", "/people/hanh"),
    "directory_units": _by("binh", "/units") + _by("an", "/units"),
    "directory_bodies": _by("an", "/bodies"),
    "directory_gazetteer": _by("an", "/places", "/places?limit=2", "/places?words=long chau"),
    "directory_one_place": _by("an", "/places/vlm-p-long-chau", "/places/vlm"),
    "directory_supported": _by("binh", "/beneficiaries", "/beneficiaries?limit=1"),
    "directory_twice": _by("binh", "/beneficiaries/duplicates"),
    "directory_one_beneficiary": _by("binh", "/beneficiaries/{beneficiary}"),
    "log_listed": _by("em", "/events", "/events?kind=project&limit=3"),
    "log_one": _by("em", "/events/{event}", *(f"/events/{number}" for number in range(1, 400, 23))),
    "log_verified": _by("em", "/events/{event}/verification"),
    "log_sealed": _by("em", "/seals"),
    "log_seals_verified": _by("em", "/seals/verification"),
    "log_denied": _by("em", "/denials"),
    "log_accessed": _by("giang", "/access-notes"),
    "operations_runs": _by("giang", "/runs"),
    "operations_missed": _by("giang", "/runs/missed"),
    "operations_one": _by("giang", "/runs/nightly/{night}"),
    "webhooks_listed": _by("giang", "/webhooks"),
    "webhooks_sent": _by("giang", "/webhooks/{webhook}/deliveries"),
}


#: What has more to tell after the writes.
AGAIN: dict[str, tuple[tuple[str, str], ...]] = {
    "projects_one": _by("binh", "/projects/{double}"),
    "projects_events": _by("binh", "/projects/{double}/history"),
    "projects_duplicates": _by("binh", "/projects/{double}/duplicates"),
    "programmes_duplicates": _by("binh", "/duplicates"),
    "programmes_asked": _by("binh", "/adjustments"),
    "plans_one": _by("binh", _DRAFT),
    "plans_forks": _by("binh", f"{_DRAFT}/forks"),
    "reports_since": _by("binh", "/reports/{report}/differences"),
    "reminders_my_reminders": _by("binh", "/reminders"),
    "reminders_preferences": _by("chi", "/reminders/preferences"),
    "outbox_one": _by("giang", "/outbox/{letter}"),
    "outbox_channels": _by("giang", "/channels"),
    "calendar_changes": _by("giang", "/calendar/changes"),
    "rules_one": _by("chi", "/rules/P-VL"),
    "log_accessed": _by("giang", "/access-notes"),
    "webhooks_listed": _by("giang", "/webhooks"),
    "webhooks_sent": _by("giang", "/webhooks/{webhook}/deliveries"),
}


def looked(
    web: Any, sample: Sample, wanted: Mapping[str, tuple[tuple[str, str], ...]]
) -> Iterator[tuple[str, str, Any]]:
    """Every look: the operation, its address, and the answer."""
    programs: dict[str, Any] = {}
    for operation, looks in wanted.items():
        for who, address in looks:
            programs.setdefault(who, acting(web, who))
            place = API + address.format(**sample.named)
            yield operation, place, programs[who].get(place)


class Writing:
    """Writes sent one after the other; each answer is kept under its operation."""

    def __init__(self, web: Any) -> None:
        self._web = web
        self._programs: dict[str, Any] = {}
        self.answers: list[tuple[str, str, Any]] = []

    def send(self, operation: str, who: str, address: str, body: Any = None, method: str = "POST", **more: Any) -> Any:
        program = self._programs.setdefault(who, acting(self._web, who))
        if body is not None:
            more["json"] = body
        answer = program.request(method, API + address, **more)
        self.answers.append((operation, f"{method} {address}", answer))
        return answer.json() if answer.headers["content-type"].endswith("json") else answer

    def look(self, who: str, address: str) -> Any:
        return self._programs.setdefault(who, acting(self._web, who)).get(API + address).json()


def write_all(web: Any, sample: Sample) -> list[tuple[str, str, Any]]:
    """Send every write once or more, as somebody who may."""
    writing = Writing(web)
    for write in (
        _projects,
        _imports,
        _templates,
        _plans,
        _programmes_and_reports,
        _reminders,
        _outbox,
        _dated,
        _directory,
    ):
        write(writing, sample)
    return writing.answers


def _projects(writing: Writing, sample: Sample) -> None:
    office, send = sample.office, writing.send
    new = {"name": "Hỗ trợ máy se chỉ xơ dừa", "programme": PROGRAMME, "content": 2, "activity": "machinery"}
    new |= {"route": "local", "plan_year": 2025, "unit": "ttkc", "targets": {"T2_2": 1}, "total_cost": 650_000_000}
    new |= {"amounts": {"local_fund": 300_000_000, "counterpart": 350_000_000}}
    new |= {"beneficiaries": [int(sample.named["beneficiary"])]}
    code = send("projects_open_one", "an", "/projects", new)["project"]
    sample.named["double"] = code
    send("projects_change", "an", f"/projects/{code}", {"seen_version": 1, "scope": "Một máy"}, "PATCH")
    papers = [{"kind": "dossier"}, {"kind": "support_request"}]
    submit = {"seen_version": 2, "number": "01/TTKC", "papers": papers}
    send("projects_take", "an", f"/projects/{code}/steps/submit", submit)
    scan = {"file": ("ảnh.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n")}
    send("projects_add_paper", "an", f"/projects/{code}/papers", files=scan, data={"kind": "dossier"})
    remark = send("projects_comment", "an", f"/projects/{code}/comments", {"words": "Nhờ @binh xem lại"})
    number = remark["comment"]
    send("projects_uncomment", "an", f"/projects/{code}/comments/{number}", method="DELETE")
    given_up = sample.brought(Stage.SUBMITTED, "Hỗ trợ máy tách hạt", "Cơ sở Bảy Trà Ôn", route=Route.LOCAL)
    office.step(given_up, "withdraw", "an", number="5/TTKC", note="Cơ sở xin thôi")
    send("projects_copy", "an", f"/projects/{given_up}/copies", {"plan_year": 2025})
    waiting = sample.brought(Stage.CLEARED, "Hỗ trợ máy bóc vỏ", "Cơ sở Điều Tam Bình", route=Route.NATIONAL)
    office.at += timedelta(days=1)
    printed = {"decided_on": office.today.isoformat(), "signer": "Lê Quang Trung"}
    decision = {"number": "1200/QĐ-UBND", "total": 300_000_000, "lines": [{"project": waiting}]}
    send("approvals_approve", "binh", "/decisions", decision | printed)
    office.at += timedelta(days=1)
    paper = {"number": "77/HĐ", "signed_on": office.today.isoformat(), "signer": "Lê Minh Chi"}
    send("contracts_sign", "chi", "/contracts", paper | {"projects": [{"project": waiting}]})


def _imports(writing: Writing, sample: Sample) -> None:
    send, said = writing.send, {"plan_year": "2025", "programme": PROGRAMME}
    send("imports_preview_file", "an", "/imports/preview", files={"file": ("a.xlsx", book(GOOD, BAD))}, data=said)
    faulty = writing.answers[-1][2].json()["sha256"]
    send("imports_marked", "an", f"/imports/{faulty}/marked?file_name=a.xlsx&plan_year=2025", method="GET")
    good: dict[str, Any] = {"files": {"file": ("b.xlsx", book(GOOD))}, "data": said}
    sha256 = send("imports_preview_file", "an", "/imports/preview", **good)["sha256"]
    body = {"sha256": sha256, "file_name": "b.xlsx", "plan_year": 2025, "programme": PROGRAMME}
    for _ in range(2):
        send("imports_take_in", "an", "/imports", body)


def _templates(writing: Writing, sample: Sample) -> None:
    own = {"file": ("to-trinh.docx", BETTER)}
    writing.send("letters_use", "giang", "/templates/proposal_letter", method="PUT", files=own)
    writing.send("letters_use_ours", "giang", "/templates/proposal_letter", method="DELETE")


def _plans(writing: Writing, sample: Sample) -> None:
    send, plan = writing.send, "/plans/2025/local"
    made = {"name": "Thử thêm", "changes": {"money": {sample.named["cleared"]: {"local_fund": 250_000_000}}}}
    send("plans_open_fork", "binh", f"{plan}/forks", made)
    seen = writing.look("binh", f"{plan}/fork?name=Thử thêm")["seen_version"]
    shift = {"seen_version": seen, "shift": {sample.named["cleared"]: 2}}
    send("plans_change_fork", "binh", f"{plan}/fork?name=Thử thêm", shift, "PATCH")
    send("plans_suggestion", "binh", f"{plan}/suggestions", {"budgets": {"local_fund": 500_000_000}, "seconds": 1})
    seen = writing.look("binh", f"{plan}/fork?name=Ít tiền hơn")["seen_version"]
    send("plans_drop_fork", "binh", f"{plan}/fork/drop?name=Ít tiền hơn", {"seen_version": seen})
    seen = writing.look("binh", f"{plan}/fork?name=Thử thêm")["seen_version"]
    send("plans_propose_fork", "binh", f"{plan}/fork/propose?name=Thử thêm", {"seen_version": seen})
    seen = writing.look("binh", plan)["seen_version"]
    send("plans_take", "binh", f"{plan}/steps/build", {"seen_version": seen})


def _programmes_and_reports(writing: Writing, sample: Sample) -> None:
    send = writing.send
    send("programmes_publication", "chi", f"/programmes/{PROGRAMME}/publication", {"shown": False})
    number = send("reports_freeze_report", "binh", "/reports", {"period": "quý 1/2024"})["id"]
    send("reports_write_proposals", "binh", f"/reports/{number}/proposals", {"words": "Bổ sung kinh phí."}, "PUT")
    signed = {"number": "15/BC-SCT", "signed_on": sample.office.today.isoformat(), "signer": "Lê Minh Chi"}
    send("reports_sign_report", "chi", f"/reports/{number}/signature", signed)


def _reminders(writing: Writing, sample: Sample) -> None:
    send, today = writing.send, sample.office.today
    keys = [row["key"] for row in writing.look("em", "/reminders/ledger?person=binh")["reminders"]]
    send("reminders_take_note", "binh", "/reminders/acknowledge", {"key": sample.named["reminder"]})
    until = (today + timedelta(days=1)).isoformat()
    other = next(key for key in keys if key != sample.named["reminder"])
    send("reminders_put_off", "binh", "/reminders/snooze", {"key": other, "until": until, "reason": "Chờ báo giá"})
    send("reminders_prefer", "binh", "/reminders/preferences", {"urgent_at_once": False}, "PATCH")
    away = {"substitute": "bach", "last_on": (today + timedelta(days=3)).isoformat()}
    send("reminders_be_away", "chi", "/reminders/absences", away | {"substitute": "chau"})
    send("reminders_be_back", "chi", "/reminders/absences/end", {})


def _outbox(writing: Writing, sample: Sample) -> None:
    send = writing.send
    send("outbox_cancel", "giang", f"/outbox/{sample.named['letter']}/cancel", {"note": "Đã chuyển công tác"})
    with sample.office.store.write() as session:
        write_next(session, at=sample.office.at)
        connection = session.connection()
        connection.exec_driver_sql("UPDATE outbox SET status = 'dead'")
        stopped = "INSERT INTO channel_state (channel, stopped_at, detail) VALUES ('email', '2026-03-05T00:00:00Z', '')"
        connection.exec_driver_sql(stopped)
    send("outbox_again", "giang", "/outbox/retry", {})
    send("outbox_start", "giang", "/channels/email/start")


def _dated(writing: Writing, sample: Sample) -> None:
    """The calendar and the rules."""
    send, basis = writing.send, {"basis": "TB 6150/TB-BNV"}
    day = {"day": "2026-03-09", "kind": "off", "name": "Nghỉ bù", **basis}
    send("calendar_set_day", "giang", "/calendar/days", day)
    send("calendar_confirm", "giang", "/calendar/2027/confirmation", basis)
    send("rules_change", "giang", "/rules/P-VL", {"until": "2030-12-31", **basis}, "PATCH")
    row = "schema_version: 1\nrows:\n- id: P-VL-2\n  activity: null\n  jurisdiction: vinh-long\n  route: local\n"
    row += "  percent: 50\n  basis: Quy chế mới\n  verified: true\n  effective_from: 2031-01-01\n"
    send("rules_add", "giang", "/rules", {"kind": "prepayments", "rows": row, **basis})


def _directory(writing: Writing, sample: Sample) -> None:
    send = writing.send
    lan = {"code": "lan", "name": "Võ Thị Lan", "role": "centre_officer", "unit": "ttkc", "email": "lan@example.vn"}
    send("directory_new_person", "giang", "/people", lan)
    send("directory_change_person", "giang", "/people/lan", {"phone": "0912345678"}, "PATCH")
    send("directory_new_unit", "giang", "/units", {"code": "hoinongdan", "name": "Hội Nông dân tỉnh"})
    firm = {"name": "Cơ sở Tôm khô Cái Nước", "kind": "household", "tax_code": "9900954321"}
    number = send("directory_new_beneficiary", "an", "/beneficiaries", firm)["id"]
    send("directory_change_beneficiary", "binh", f"/beneficiaries/{number}", {"women_owned": True}, "PATCH")
    hook = {"name": "Cổng", "url": "https://data.example.vn/x", "topics": ["project"]}
    number = send("webhooks_add", "giang", "/webhooks", hook)["id"]
    send("webhooks_end", "giang", f"/webhooks/{number}", method="DELETE")
