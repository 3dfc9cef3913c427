"""Money after the approval in the demonstration: contracts, funds, prepayments, adjustments, acceptances, refunds."""

import json
from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import text

from flows.jobs.demonstration_plans import ENDED_ON
from flows.jobs.demonstration_prepayments import LOCAL_RULE
from models import queries
from models.adjusting import requests_of
from models.money_days import money_days
from models.store import Store
from states.vocabulary import Authority, Change, RequestStatus, Route, Stage

#: Projects that their stories are told by, as the register numbers them.
WRITTEN_OFF, RECOVERING, OVERPAID = "KC-VL-2021-022", "KC-VL-2025-014", "KC-VL-2024-011"
REPAIRED, INCREASED, STOPPED_AT_REQUEST = "KC-VL-2023-021", "KC-VL-2023-030", "KC-VL-2022-027"
CLUSTER, MOVED, REPLACED = "KC-VL-2023-004", "KC-VL-2023-017", "KC-VL-2024-004"


def _rows(store: Store, statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
    with store.read() as session:
        return [tuple(row) for row in session.connection().execute(text(statement), parameters)]


def _bodies(store: Store, action: str, code: str | None = None) -> list[dict[str, Any]]:
    """The events of one step, of all projects or of one, oldest first."""
    rows = _rows(
        store,
        "SELECT e.body, p.code FROM event AS e JOIN project AS p ON p.id = e.subject_id "
        "WHERE e.subject_kind = 'project' AND e.action = :action ORDER BY e.id",
        action=action,
    )
    return [json.loads(body) for body, owner in rows if code in (None, owner)]


def _balance(store: Store, code: str, *kinds: str) -> tuple[Any, ...]:
    """The balances of a project in its state fund, in đồng."""
    [row] = _rows(
        store,
        f"SELECT {', '.join(kinds)} FROM funding AS f JOIN project AS p ON p.id = f.project_id "
        "WHERE p.code = :code AND f.source = p.route || '_fund'",
        code=code,
    )
    return row


# --- contracts ----------------------------------------------------------------------------------------


def test_contract_numbers_are_unique_in_their_year(register: Store) -> None:
    numbers = Counter(_rows(register, "SELECT authority, substr(signed_on, 1, 4), number FROM contract"))

    assert numbers.total() == 132
    assert set(numbers.values()) == {1}


def test_every_year_has_contracts_over_several_projects(register: Store) -> None:
    years = _rows(
        register,
        "SELECT plan_year, route, count(*) FROM (SELECT p.plan_year, p.route FROM project AS p "
        "WHERE p.contract_id IS NOT NULL GROUP BY p.contract_id HAVING count(*) > 1) GROUP BY 1, 2 ORDER BY 1, 2",
    )

    assert years == [
        (2021, "local", 1),
        (2021, "national", 1),
        (2022, "local", 2),
        (2022, "national", 1),
        (2023, "local", 3),
        (2023, "national", 1),
        (2024, "local", 2),
        (2024, "national", 1),
        (2025, "local", 3),
        (2025, "national", 1),
    ]


def test_projects_of_a_contract_have_unit_route_and_decision_in_common(register: Store) -> None:
    mixed = _rows(
        register,
        "SELECT p.contract_id FROM project AS p JOIN contract AS c ON c.id = p.contract_id "
        "JOIN decision_line AS l ON l.project_id = p.id GROUP BY p.contract_id "
        "HAVING count(DISTINCT p.unit_id) > 1 OR count(DISTINCT p.route) > 1 OR count(DISTINCT l.decision_id) > 1 "
        "OR min(p.unit_id) <> min(c.unit_id) OR min(p.route) <> min(c.route)",
    )

    assert mixed == []


def test_term_of_a_national_contract_waits_for_its_last_acceptance(register: Store) -> None:
    rows = _rows(
        register,
        "SELECT p.contract_id, a.decided_on, d.started_on FROM project AS p "
        "JOIN event AS a ON a.subject_id = p.id AND a.subject_kind = 'project' AND a.action = 'accept' "
        "JOIN deadline AS d ON d.project_id = p.id AND d.clock = 'D-15' WHERE p.route = 'national'",
    )

    accepted, started = defaultdict(set), defaultdict(set)
    for contract, accepted_on, started_on in rows:
        accepted[contract].add(accepted_on)
        started[contract].add(started_on)

    assert sorted(len(days) for days in accepted.values() if len(days) > 1) == [2, 2, 3, 3, 3]
    assert started == {contract: {max(days)} for contract, days in accepted.items()}


def test_no_dossier_comes_before_the_last_acceptance_of_its_contract(register: Store) -> None:
    early = _rows(
        register,
        "SELECT p.code FROM event AS s JOIN project AS p ON p.id = s.subject_id "
        "JOIN project AS o ON o.contract_id = p.contract_id "
        "JOIN event AS a ON a.subject_id = o.id AND a.subject_kind = 'project' AND a.action = 'accept' "
        "WHERE s.subject_kind = 'project' AND s.action = 'submit_settlement' AND s.id < a.id",
    )

    assert early == []


def test_annexes_bring_contracts_to_the_adjusted_support(register: Store) -> None:
    annexed = _rows(
        register,
        "SELECT f.contracted = f.approved + f.adjusted, f.adjusted > 0 FROM event AS e "
        "JOIN project AS p ON p.id = e.subject_id JOIN funding AS f ON f.project_id = p.id "
        "WHERE e.subject_kind = 'project' AND e.action = 'amend_contract' AND f.source = p.route || '_fund'",
    )

    assert Counter(annexed) == {(1, 0): 3, (1, 1): 1}


# --- funds and prepayments ----------------------------------------------------------------------------


def test_money_comes_late_in_some_years(register: Store) -> None:
    rows = _rows(
        register,
        "SELECT p.plan_year, julianday(r.decided_on) - julianday(a.decided_on) FROM event AS r "
        "JOIN event AS a ON a.subject_id = r.subject_id AND a.subject_kind = 'project' AND a.action = 'allot' "
        "JOIN project AS p ON p.id = r.subject_id WHERE r.subject_kind = 'project' AND r.action = 'receive_funds'",
    )

    late = Counter(year for year, days in rows if days > 45)

    assert len(rows) == 156
    assert min(days for _, days in rows) > 0
    assert late == {2021: 3, 2023: 26, 2024: 6, 2025: 2}


def test_nothing_is_given_before_the_money_is_there(register: Store) -> None:
    early = _rows(
        register,
        "SELECT g.id FROM event AS g LEFT JOIN event AS r ON r.subject_id = g.subject_id "
        "AND r.subject_kind = 'project' AND r.action = 'receive_funds' AND r.id < g.id "
        "WHERE g.subject_kind = 'project' AND g.action IN ('prepay', 'pay') AND r.id IS NULL",
    )

    assert early == []


def test_local_prepayment_rule_says_that_it_is_not_real(register: Store) -> None:
    rules = _rows(
        register, "SELECT code, route, percent, basis, verified FROM prepayment_rule WHERE jurisdiction = 'vinh-long'"
    )

    assert rules == [("P-MINH-HOA", "local", 50, "Quy chế minh họa, không có thật", 0)]
    assert LOCAL_RULE.doubts() != ()


def test_prepayments_stay_within_their_rules(register: Store) -> None:
    rows = _rows(
        register,
        "SELECT p.route, p.activity, f.prepaid, m.amount FROM funding AS f JOIN project AS p ON p.id = f.project_id "
        "JOIN event AS e ON e.subject_id = p.id AND e.subject_kind = 'project' AND e.action = 'approve' "
        "JOIN money_entry AS m ON m.event_id = e.id AND m.source = f.source WHERE f.prepaid > 0",
    )

    percent = {(Route.LOCAL, None): 50, (Route.NATIONAL, None): 70, (Route.NATIONAL, "cluster_infrastructure"): 30}
    over = [
        row
        for row in rows
        if row[2] * 100 > row[3] * percent.get((Route(row[0]), row[1]), percent[Route(row[0]), None])
    ]

    assert len(rows) == 92
    assert over == []


def test_machinery_of_the_national_route_is_not_prepaid(register: Store) -> None:
    prepaid = _rows(
        register,
        "SELECT count(*), sum(f.prepaid), sum(f.settled > 0) FROM funding AS f "
        "JOIN project AS p ON p.id = f.project_id "
        "WHERE f.source = 'national_fund' AND p.route = 'national' AND p.activity IN ('machinery', 'production_line')",
    )

    assert prepaid == [(7, 0, 7)]


def test_cluster_works_are_prepaid_once_more_than_half_is_done(register: Store) -> None:
    [prepaid] = _bodies(register, "prepay", CLUSTER)

    assert prepaid["more"]["progress"] > 50
    assert {paper["kind"] for paper in prepaid["lines"]["paper"]} >= {
        "support_contract",
        "investor_contract",
        "progress_report",
    }
    assert _balance(register, CLUSTER, "approved", "prepaid") == (5_987_250_000, 1_796_100_000)


# --- adjustments --------------------------------------------------------------------------------------


def test_requests_ask_for_every_kind_of_story(register: Store) -> None:
    with register.read() as session:
        requests = requests_of(session)

    told = Counter((r["status"], r["authority"], *r["kinds"]) for r in requests)

    assert told == {
        (RequestStatus.APPROVED, Authority.PROVINCE, Change.OTHER_NOT_INCREASING): 2,
        (RequestStatus.APPROVED, Authority.AGENCY, Change.OTHER_NOT_INCREASING): 1,
        (RequestStatus.APPROVED, Authority.PROVINCE, Change.INCREASE_SUPPORT): 1,
        (RequestStatus.APPROVED, Authority.PROVINCE, Change.CHANGE_PLACE, Change.CHANGE_TIME_WITHIN_YEAR): 1,
        (RequestStatus.APPROVED, Authority.AGENCY, Change.CHANGE_BENEFICIARY): 1,
        (RequestStatus.APPROVED, Authority.PROVINCE, Change.CARRY_TO_NEXT_YEAR, Change.CHANGE_TIME_WITHIN_YEAR): 1,
        (RequestStatus.APPROVED, Authority.MINISTRY, Change.CARRY_TO_NEXT_YEAR, Change.CHANGE_TIME_WITHIN_YEAR): 1,
        (RequestStatus.REFUSED, Authority.PROVINCE, Change.INCREASE_SUPPORT): 1,
        (RequestStatus.REFUSED, Authority.DEPARTMENT, Change.INCREASE_SUPPORT): 1,
        (RequestStatus.CLOSED, Authority.PROVINCE, Change.STOP): 1,
        (RequestStatus.OPEN, Authority.PROVINCE, Change.OTHER_NOT_INCREASING): 1,
    }


def test_only_what_the_department_refused_is_not_confirmed(register: Store) -> None:
    with register.read() as session:
        requests = requests_of(session)

    unconfirmed = [(r["status"], r["authority"]) for r in requests if r["confirmed"]["on"] is None]

    assert unconfirmed == [(RequestStatus.REFUSED, Authority.DEPARTMENT)]
    assert {r["confirmed"]["signer"] for r in requests} == {"", "Nguyễn Hữu Thái Sơn"}


def test_increase_asks_for_support_and_cost_together(register: Store) -> None:
    with register.read() as session:
        [request] = requests_of(session, INCREASED)

    assert request["was"] == {
        "amounts": {"local_fund": 173_750_000, "counterpart": 173_750_000},
        "columns": {"total_cost": 347_500_000},
    }
    assert request["asked"] == {
        "amounts": {"local_fund": 208_500_000, "counterpart": 208_500_000},
        "columns": {"total_cost": 417_000_000},
    }
    assert _balance(register, INCREASED, "approved", "adjusted", "settled") == (173_750_000, 34_750_000, 208_500_000)


def test_place_and_beneficiary_are_changed_by_their_decisions(register: Store) -> None:
    [place] = _rows(
        register,
        "SELECT l.code, p.starts_on FROM project AS p JOIN place AS l ON l.id = p.place_id WHERE p.code = :code",
        code=MOVED,
    )
    names = _rows(
        register,
        "SELECT b.name, sum(n.direction) FROM project_beneficiary AS n "
        "JOIN beneficiary AS b ON b.id = n.beneficiary_id JOIN project AS p ON p.id = n.project_id "
        "WHERE p.code = :code GROUP BY b.id ORDER BY b.name",
        code=REPLACED,
    )

    assert place == ("vl-x-dong-binh", "2023-09-01")
    assert names == [
        ("Công ty TNHH Nước ép Cam Sành Ba Càng Mới", 1),
        ("Công ty TNHH Thức uống Sâm Đất Hậu Lộc", 1),
        ("Công ty TNHH Tinh bột Thiện Nghĩa", 0),
        ("Hợp tác xã Nấm rơm Mỹ Lộc Vàng", 1),
    ]


def test_work_is_carried_over_at_request_or_directly_before_the_year_ends(register: Store) -> None:
    carried = _rows(
        register,
        "SELECT e.action, p.route, e.decided_on < (p.plan_year + 1) || '-01-01', p.work_year - p.plan_year "
        "FROM project AS p JOIN event AS e ON e.subject_id = p.id AND e.subject_kind = 'project' "
        "WHERE e.body LIKE '%\"work_year\":%' AND e.action <> 'open' ORDER BY e.id",
    )

    assert carried == [
        ("approve_adjustment", "local", 1, 1),
        ("approve_adjustment", "national", 1, 1),
        ("carry_over", "local", 1, 1),
        ("carry_over", "local", 1, 1),
    ]


def test_stop_at_request_releases_everything(register: Store) -> None:
    balance = _balance(register, STOPPED_AT_REQUEST, "approved", "prepaid", "settled", "released")

    assert balance == (288_250_000, 0, 0, 288_250_000)


# --- acceptances --------------------------------------------------------------------------------------


def test_accepted_support_follows_the_accepted_cost(register: Store) -> None:
    rows = _rows(
        register,
        "SELECT p.code, p.activity, a.cost, a.support, f.approved + f.adjusted AS approved FROM acceptance AS a "
        "JOIN project AS p ON p.id = a.project_id "
        "JOIN funding AS f ON f.project_id = p.id AND f.source = p.route || '_fund' "
        "WHERE a.event_id = (SELECT max(o.event_id) FROM acceptance AS o WHERE o.project_id = p.id) "
        "AND a.outcome = 'passed' AND a.cost > 0 AND p.activity IN ('machinery', 'trademark', 'packaging')",
    )

    caps = {"machinery": 300_000_000, "trademark": 35_000_000, "packaging": 35_000_000}
    wrong = [row for row in rows if row[3] != min(row[2] // 2, caps[row[1]], row[4])]
    below = [row for row in rows if row[3] < row[4]]

    assert len(rows) > 60
    assert wrong == []
    assert len(below) > 4


def test_support_is_decreased_increased_and_released(register: Store) -> None:
    [changed] = _rows(
        register,
        "SELECT sum(adjusted < 0), sum(adjusted > 0) FROM funding WHERE source <> 'counterpart'",
    )
    [(below,)] = _rows(
        register,
        "SELECT count(*) FROM funding AS f JOIN project AS p ON p.id = f.project_id "
        "WHERE p.stage = 'settled' AND f.source <> 'counterpart' AND f.released > 0",
    )

    assert changed == (4, 1)
    assert 10 < below < 40


def test_firms_spend_more_or_less_than_they_promised(register: Store) -> None:
    [(more, less, exactly)] = _rows(
        register,
        "SELECT sum(f.settled > m.promised), sum(f.settled < m.promised), sum(f.settled = m.promised) "
        "FROM funding AS f JOIN project AS p ON p.id = f.project_id "
        "JOIN (SELECT project_id, sum(amount * direction) AS promised FROM money_entry "
        "WHERE source = 'counterpart' AND kind = 'approved' GROUP BY project_id) AS m ON m.project_id = p.id "
        "WHERE p.stage = 'settled' AND f.source = 'counterpart' AND m.promised > 0",
    )

    assert more > 5
    assert less > 10
    assert exactly > 60


def test_fairs_are_accepted_booth_by_booth(register: Store) -> None:
    shares = _rows(
        register,
        "SELECT p.activity, count(DISTINCT p.id), sum(a.outcome = 'passed'), sum(a.outcome = 'failed') "
        "FROM acceptance AS a JOIN project AS p ON p.id = a.project_id WHERE a.beneficiary_id IS NOT NULL GROUP BY 1",
    )

    assert shares == [("fair_participation", 16, 46, 3)]


def test_failed_share_is_repaired_and_accepted(register: Store) -> None:
    rows = _rows(
        register,
        "SELECT a.outcome, a.support, b.name FROM acceptance AS a JOIN beneficiary AS b ON b.id = a.beneficiary_id "
        "JOIN project AS p ON p.id = a.project_id WHERE p.code = :code ORDER BY a.event_id",
        code=REPAIRED,
    )

    assert rows == [
        ("passed", 35_600_000, "Công ty TNHH Bưởi Năm Roi Hương Bãi Bồi"),
        ("failed", 0, "Cơ sở Bánh phồng Cô Tư Hòa Hiệp"),
        ("passed", 35_600_000, "Hộ kinh doanh Kẹo dừa Ba Quới Thiện"),
        ("passed", 35_600_000, "Cơ sở Bánh phồng Cô Tư Hòa Hiệp"),
    ]
    assert _balance(register, REPAIRED, "approved", "accepted", "settled") == (106_800_000,) * 3


# --- refunds and settlement ---------------------------------------------------------------------------


def _recovery(store: Store, code: str) -> list[tuple[str, int, int, bool]]:
    """The schedule of a project on the last day: due day, amount, what came in, whether it is late."""
    with store.read() as session:
        [project] = session.connection().execute(text("SELECT id FROM project WHERE code = :code"), {"code": code})
        due = money_days(session, project.id, as_of=ENDED_ON)["recovery"]["due"]
    return [(part["due_on"], part["amount"], part["received"], part["overdue"]) for part in due]


def test_prepayment_above_the_accepted_support_comes_back_in_two_instalments(register: Store) -> None:
    balance = _balance(register, OVERPAID, "approved", "prepaid", "accepted", "recovered", "settled", "released")

    assert balance == (112_400_000, 56_200_000, 37_468_000, 18_732_000, 37_468_000, 74_932_000)
    assert _recovery(register, OVERPAID) == [
        ("2024-11-18", 9_300_000, 9_300_000, False),
        ("2024-12-02", 9_432_000, 9_432_000, False),
    ]


def test_an_instalment_is_overdue_at_the_end(register: Store) -> None:
    balance = _balance(register, RECOVERING, "prepaid", "settled", "recovered")

    assert balance == (84_800_000, 21_200_000, 21_200_000)
    assert _recovery(register, RECOVERING) == [
        ("2025-10-31", 21_200_000, 21_200_000, False),
        ("2025-12-01", 21_200_000, 0, True),
        ("2026-02-03", 21_200_000, 0, False),
    ]


def test_debt_of_a_bankrupt_firm_is_written_off(register: Store) -> None:
    [decision] = _bodies(register, "write_off", WRITTEN_OFF)

    balance = _balance(register, WRITTEN_OFF, "prepaid", "recovered", "settled", "released")

    assert decision["authority"] == Authority.PROVINCE
    assert "phá sản" in decision["note"]
    assert balance == (86_700_000, 43_300_000, 0, 289_000_000)


def test_defects_of_a_settlement_are_answered_one_by_one(register: Store) -> None:
    returned = _bodies(register, "return_settlement")

    answered = [
        {paper["title"] for paper in body["lines"]["paper"]}
        for body in _bodies(register, "submit_settlement")
        if any(paper["kind"] == "supplement" for paper in body["lines"]["paper"])
    ]

    assert len(returned) == len(answered) == 2
    assert all(set(body["more"]["missing"]) <= titles for body, titles in zip(returned, answered, strict=True)), (
        answered
    )


def test_no_money_is_open_where_a_project_is_closed(register: Store) -> None:
    rows = _rows(
        register,
        "SELECT p.code, p.stage, f.approved + f.adjusted - f.settled - f.released, "
        "f.prepaid + f.paid - f.settled - f.recovered FROM funding AS f JOIN project AS p ON p.id = f.project_id "
        "WHERE p.stage IN ('settled', 'stopped', 'recovering', 'recovered', 'written_off')",
    )

    still_open = {(code, Stage(stage), *left) for code, stage, *left in rows if left != [0, 0]}

    assert still_open == {
        (RECOVERING, Stage.RECOVERING, 0, 42_400_000),
        (WRITTEN_OFF, Stage.WRITTEN_OFF, 0, 43_400_000),
    }


def test_national_contracts_are_liquidated_by_22_january(register: Store) -> None:
    late = _rows(
        register,
        "SELECT p.code FROM event AS e JOIN project AS p ON p.id = e.subject_id WHERE e.subject_kind = 'project' "
        "AND e.action = 'settle' AND p.route = 'national' AND e.decided_on > (p.work_year + 1) || '-01-22'",
    )

    assert late == []


# --- support given before -----------------------------------------------------------------------------


def test_machines_and_lines_name_their_equipment(register: Store) -> None:
    named = _rows(
        register,
        "SELECT activity, count(*), sum(coalesce(equipment, '') <> '') FROM project "
        "WHERE activity IN ('machinery', 'production_line') OR equipment IS NOT NULL GROUP BY 1 ORDER BY 1",
    )

    assert named == [("machinery", 56, 56), ("production_line", 4, 4)]


def test_two_supports_are_flagged_and_were_approved_knowingly(register: Store) -> None:
    with register.read() as session:
        flagged = queries.all_duplicates(session)
    notes = _rows(
        register,
        "SELECT p.plan_year, l.note LIKE 'Đã đối chiếu%không trùng hỗ trợ' FROM decision_line AS l "
        "JOIN project AS p ON p.id = l.project_id WHERE l.note <> '' AND l.source <> 'counterpart' ORDER BY 1",
    )

    assert [(f["project"]["plan_year"], f["plan_year"], f["route"], f["stage"]) for f in flagged] == [
        (2024, 2023, Route.NATIONAL, Stage.SETTLED),
        (2025, 2022, Route.LOCAL, Stage.SETTLED),
    ]
    assert notes == [(2024, 1), (2025, 1)]
