"""The figures of a yearly plan, held against a second computation over every row in Python."""

from collections import Counter, defaultdict
from datetime import date
from typing import Any

from sqlalchemy import text

from models.plan.figures import plan_figures
from states.facts import Asked
from states.vocabulary import Kind, Route, Source

TRIEU = 1_000_000
PROGRAMME = "KC-VL-2021-2025"
FUND, COUNTERPART = "local_fund", "counterpart"
SIGNED = {"signer": "Lê Minh Chi"}


def figures(office: Any, year: int, route: Route | None = None, **more: Any) -> dict[str, Any]:
    with office.store.read() as session:
        return plan_figures(session, PROGRAMME, year, route, **more)


def lines(found: dict[str, Any], section: str) -> list[str]:
    return [line["code"] for line in found["lines"] if line["section"] == section]


def a_year_of_every_kind(office: Any) -> None:
    """Projects of 2024 and 2025 on both routes, in several contents, communes and units, at many stages."""
    office.bring(office.open(place="vlm-p-long-chau", priorities=("farm_processing",)), "cleared")
    other_unit = office.open(unit="hoi", by="yen", content=3, targets={"T3_1": 2})
    office.step(other_unit, "submit", "yen", number="01/HOI", papers=("dossier", "support_request"))
    office.bring(office.open(route=Route.NATIONAL, amounts={Source.NATIONAL_FUND: 200 * TRIEU}), "reviewing")
    office.bring(office.open(kind=Kind.GROUP, beneficiaries=(), targets={"T2_1": 3}), "approved")
    settled = office.bring(office.open(place="vlm-p-long-chau"), "awaiting_acceptance")
    paid = {Source.LOCAL_FUND: 240 * TRIEU, Source.COUNTERPART: 400 * TRIEU}
    office.step(settled, "accept", "chi", number="30/BB", amounts=paid, quantities={"T2_2": 1}, **SIGNED)
    office.step(settled, "pay", "dung", number="31/UNC", amounts={Source.LOCAL_FUND: 240 * TRIEU})
    office.step(settled, "submit_settlement", "an", number="32/ĐN")
    office.step(settled, "settle", "dung", number="33/TL", **SIGNED)
    stopped = office.bring(office.open(), "underway")
    stop = {"number": "34/QĐ", "signer": "Lê Quang Trung", "note": "Giải thể", "decided_on": office.today}
    office.step(stopped, "stop", "binh", **stop)
    rejected = office.bring(office.open(), "appraising")
    office.step(rejected, "fail_appraisal", "chi", number="35/BB", note="Không khả thi", **SIGNED)
    waiting = office.bring(office.open(content=1, activity="conference", targets={"T1_1": 1}), "cleared")
    office.step(waiting, "waitlist", "binh", number="36/SCT", note="Hết vốn")
    office.open()
    office.bring(office.open(plan_year=2025), "cleared")
    office.bring(office.open(plan_year=2025, route=Route.NATIONAL), "appraised")


# --- the second computation ---------------------------------------------------------------------------


def rows(office: Any, table: str) -> list[dict[str, Any]]:
    with office.store.read() as session:
        return [dict(row) for row in session.connection().execute(text(f"SELECT * FROM {table}")).mappings()]


APPROVED = ("approved", "implemented", "settled")
STOPPED = ("stopped", "recovering", "recovered", "written_off")


class Recount:
    """The same figures by hand: every row of every table, one project after the other."""

    def __init__(self, office: Any, year: int, route: Route | None) -> None:
        self.year, self.route = year, route
        [self.programme] = [row["id"] for row in rows(office, "programme") if row["code"] == PROGRAMME]
        self.projects = {row["id"]: row for row in rows(office, "project")}
        self.funding = rows(office, "funding")
        self.work = rows(office, "contribution")
        self.targets = [row for row in rows(office, "target") if row["programme_id"] == self.programme]
        self.budget = {
            (row["content_no"], row["source"]): row["amount"]
            for row in rows(office, "budget")
            if row["programme_id"] == self.programme
        }
        self.codes = {name: {row["id"]: row["code"] for row in rows(office, name)} for name in ("unit", "place")}

    def mine(self, project: dict[str, Any]) -> str | None:
        """The section by this test's own reading of the rules."""
        if project["stage"] in ("draft", "rejected", "withdrawn", "lapsed"):
            return None
        if project["plan_year"] == self.year:
            return "new" if project["programme_id"] == self.programme else None
        if project["plan_year"] > self.year:
            return None
        if project["state"] not in APPROVED:
            here = project["stage"] in ("cleared", "waitlisted") and project["programme_id"] == self.programme
            return "waiting" if here else None
        return "carried" if project["work_year"] >= self.year else None

    def money(self, project: dict[str, Any]) -> Counter[str]:
        sums: Counter[str] = Counter()
        for row in self.funding:
            if row["project_id"] == project["id"]:
                by_state = {"proposed": row["asked"], "appraised": row["appraised"]}
                sums[row["source"]] = by_state.get(project["state"], row["approved"] + row["adjusted"])
        return sums

    def on_route(self, project: dict[str, Any]) -> bool:
        return self.route is None or project["route"] == self.route

    def planned(self) -> list[dict[str, Any]]:
        return [p for p in self.projects.values() if self.mine(p) in ("new", "waiting") and self.on_route(p)]

    def totals_by(self, column: str) -> dict[Any, tuple[int, dict[str, int]]]:
        groups: defaultdict[Any, list[dict[str, Any]]] = defaultdict(list)
        for project in self.planned():
            groups[project[column]].append(project)
        return {key: (len(part), self.added(part)) for key, part in groups.items()}

    def added(self, projects: list[dict[str, Any]]) -> dict[str, int]:
        total = Counter({str(source): 0 for source in Source})
        for project in projects:
            total.update(self.money(project))
        return dict(total)

    def quantity(self, row: dict[str, Any]) -> int:
        project = self.projects[row["project_id"]]
        if project["stage"] in STOPPED or project["state"] in ("implemented", "settled"):
            return int(row["accepted"])
        return int(row["approved"] if project["state"] in APPROVED else row["planned"])


def test_every_cell_equals_a_second_computation_over_every_row(office_on_both: Any) -> None:
    office = office_on_both
    a_year_of_every_kind(office)

    for year in (2024, 2025, 2026):
        for route in (None, *Route):
            found, recount = figures(office, year, route), Recount(office, year, route)

            _totals_agree(found, recount)
            _envelope_agrees(found, recount)
            _targets_agree(found, recount)


def _totals_agree(found: dict[str, Any], recount: Recount) -> None:
    planned, totals = recount.planned(), found["totals"]
    everything = recount.added(planned)
    assert (totals["projects"], totals["money"]) == (len(planned), everything)
    assert totals["total"] == sum(everything.values())
    by_content = recount.totals_by("content_no")
    nothing = (0, dict.fromkeys(map(str, Source), 0))
    for row in totals["contents"]:
        assert (row["projects"], row["money"]) == by_content.pop(row["no"], nothing)
    assert by_content == {}
    for name, column, code in (("units", "unit_id", "unit"), ("places", "place_id", "place")):
        told = {row["code"]: (row["projects"], row["money"]) for row in totals[name]}
        by_id = recount.totals_by(column)
        assert told == {recount.codes[code].get(key): value for key, value in by_id.items()}
    for row in totals["sources"]:
        paying = [project for project in planned if recount.money(project)[row["source"]]]
        assert (row["projects"], row["amount"]) == (len(paying), everything[row["source"]])
    carried = [p for p in recount.projects.values() if recount.mine(p) == "carried" and recount.on_route(p)]
    assert (found["carried"]["projects"], found["carried"]["money"]) == (len(carried), recount.added(carried))


def _envelope_agrees(found: dict[str, Any], recount: Recount) -> None:
    for row in found["envelope"]:
        at = (row["content"], row["source"])
        earlier = this_year = other = 0
        for project in recount.projects.values():
            if project["programme_id"] != recount.programme or project["content_no"] != row["content"]:
                continue
            own = [f for f in recount.funding if (f["project_id"], f["source"]) == (project["id"], row["source"])]
            if not own:
                continue
            [money] = own
            if project["plan_year"] < recount.year:
                earlier += money["approved"] + money["adjusted"] - money["released"]
            section = recount.mine(project)
            if section == "new" or (section == "waiting" and project["state"] not in APPROVED):
                amount = recount.money(project)[row["source"]] - money["released"]
                this_year += amount if recount.on_route(project) else 0
                other += 0 if recount.on_route(project) else amount
        told = {name: row[name] for name in ("budget", "earlier", "this_year", "other_route", "remaining")}
        budget = recount.budget.get(at, 0)
        assert told == {
            "budget": budget,
            "earlier": earlier,
            "this_year": this_year,
            "other_route": other,
            "remaining": budget - earlier - this_year - other,
        }


def _targets_agree(found: dict[str, Any], recount: Recount) -> None:
    assert [row["code"] for row in found["targets"]] == [
        target["code"] for target in sorted(recount.targets, key=lambda t: (t["content_no"], t["line"]))
    ]
    for row in found["targets"]:
        [target] = [target for target in recount.targets if target["code"] == row["code"]]
        goal = target["quantity"] if target["quantity"] is not None else target["quantity_min"]
        before = going = adds = other = 0
        for work in recount.work:
            project = recount.projects[work["project_id"]]
            if work["target_code"] != row["code"] or project["programme_id"] != recount.programme:
                continue
            if project["plan_year"] < recount.year:
                before += work["accepted"]
                going += recount.quantity(work) - work["accepted"] if project["state"] in APPROVED else 0
            section = recount.mine(project)
            if section == "new" or (section == "waiting" and project["state"] not in APPROVED):
                adds += recount.quantity(work) if recount.on_route(project) else 0
                other += 0 if recount.on_route(project) else recount.quantity(work)
        told = [row[name] for name in ("quantity", "accepted_before", "open_before", "adds", "other_route")]
        assert told == [goal, before, going, adds, other]
        assert row["missing"] == (None if goal is None else max(goal - before - going - adds - other, 0))


# --- years --------------------------------------------------------------------------------------------


def test_project_carried_on_counts_once_and_in_the_right_year_of_each_view(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(), "underway")
    office.step(code, "carry_over", "binh", number="40/QĐ", note="Máy về chậm", **_outside(office))

    this, later, last = figures(office, 2024), figures(office, 2025), figures(office, 2026)

    assert [lines(this, "new"), lines(later, "carried"), last["lines"]] == [[code], [code], []]
    assert [found["totals"]["projects"] for found in (this, later, last)] == [1, 0, 0]
    assert [later["carried"]["projects"], later["carried"]["money"][FUND]] == [1, 300 * TRIEU]
    used = [(e["earlier"], e["this_year"]) for f in (this, later) for e in f["envelope"] if _is_local(e)]
    assert used == [(0, 300 * TRIEU), (300 * TRIEU, 0)]


def _is_local(cell: dict[str, Any]) -> bool:
    return bool(cell["content"] == 2 and cell["source"] == FUND)


def _outside(office: Any) -> dict[str, Any]:
    return {"decided_on": office.today, "signer": "Lê Quang Trung"}


def test_project_carried_twice_is_seen_in_both_later_years(office: Any) -> None:
    code = office.bring(office.open(), "underway")
    office.step(code, "carry_over", "binh", number="40/QĐ", note="Máy về chậm", **_outside(office))
    office.at = office.at.replace(year=2025)
    office.step(code, "carry_over", "binh", number="41/QĐ", note="Máy về chậm", **_outside(office))

    assert [lines(figures(office, year), "carried") for year in (2025, 2026, 2027)] == [[code], [code], []]


def test_project_of_another_programme_is_carried_and_counted_nowhere_again(office: Any) -> None:
    code = office.bring(office.open(plan_year=2025), "underway")
    office.at = office.at.replace(year=2025)
    office.step(code, "carry_over", "binh", number="40/QĐ", note="Máy về chậm", **_outside(office))

    with office.store.read() as session:
        next_programme = plan_figures(session, "KC-VL-2026-2030", 2026)

    assert lines(next_programme, "carried") == [code]
    assert next_programme["totals"]["projects"] == 0
    assert {cell["earlier"] + cell["this_year"] for cell in next_programme["envelope"]} == {0}


def test_project_that_waited_stands_in_the_year_whose_decision_funds_it(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(), "cleared")
    office.step(code, "waitlist", "binh", number="36/SCT", note="Hết vốn")
    before = figures(office, 2025)
    office.at = office.at.replace(year=2025)
    office.step(code, "fund", "binh", number="37/SCT", note="Có vốn")
    office.approve(code)

    after = figures(office, 2025)

    assert [lines(before, "waiting"), lines(after, "waiting"), lines(after, "carried")] == [[code], [code], []]
    [cell] = [cell for cell in after["envelope"] if _is_local(cell)]
    assert (cell["earlier"], cell["this_year"]) == (300 * TRIEU, 0)


def test_project_with_two_sources_counts_once(office: Any) -> None:
    office.bring(office.open(), "submitted")

    totals = figures(office, 2024)["totals"]

    assert totals["projects"] == 1
    assert [(row["source"], row["projects"]) for row in totals["sources"]] == [
        ("national_fund", 0),
        ("local_fund", 1),
        ("counterpart", 1),
    ]


def test_rerouted_project_counts_once_and_with_its_new_fund(office: Any) -> None:
    code = office.bring(office.open(), "appraised")
    office.step(code, "reroute", "chi", number="30/SCT", note="Chưa bố trí được vốn địa phương")

    local, national = (figures(office, 2024, route)["totals"] for route in Route)

    assert (local["projects"], national["projects"]) == (0, 1)
    assert national["money"] == {"national_fund": 300 * TRIEU, FUND: 0, COUNTERPART: 350 * TRIEU}


# --- lines and blockers -------------------------------------------------------------------------------


def test_line_says_everything_that_the_annex_prints(office: Any) -> None:
    code = office.bring(
        office.open(place="vlm-p-long-chau", starts_on=date(2024, 3, 1), ends_on=date(2024, 11, 30)), "cleared"
    )

    [line] = figures(office, 2024)["lines"]

    told = ("code", "unit", "place", "starts_on", "ends_on", "total_cost", "money", "targets", "beneficiaries")
    assert [line[name] for name in told] == [
        code,
        "ttkc",
        "vlm-p-long-chau",
        "2024-03-01",
        "2024-11-30",
        650 * TRIEU,
        {FUND: 300 * TRIEU, COUNTERPART: 350 * TRIEU},
        {"T2_2": 1},
        ["Cơ sở Tàu hủ ky Mỹ Hòa"],
    ]
    assert line["blockers"] == []


def test_blockers_say_what_keeps_a_project_out(office: Any) -> None:
    returned = office.bring(office.open(total_cost=0, beneficiaries=()), "draft")
    with office.store.write() as session:
        from models import projects
        from models.loading import load_person

        person = load_person(session, "an")
        projects.amend(session, returned, {}, by=person, origin=office.origin, beneficiaries=(office.beneficiary,))
    office.bring(returned, "submitted")
    office.step(returned, "return", "binh", number="27/SCT", note="Thiếu hồ sơ", missing=("dự toán", "bản vẽ"))

    [line] = figures(office, 2024)["blocked"]

    assert line["code"] == returned
    assert line["blockers"] == [
        "Ở giai đoạn «Chờ bổ sung hồ sơ»: đang chờ đơn vị bổ sung hồ sơ; hãy đôn đốc đơn vị nộp lại.",
        "Còn thiếu dự toán, bản vẽ; hãy bổ sung hồ sơ.",
        "Chưa ghi tổng kinh phí; hãy ghi (dean project edit MÃ --total-cost).",
    ]


def test_open_adjustment_keeps_neither_an_approved_nor_a_carried_project_out(office: Any) -> None:
    code = office.bring(office.open(), "underway")
    asked = Asked(amounts={Source.LOCAL_FUND: 250 * TRIEU})
    office.step(code, "request_adjustment", "an", number="8/TTKC", note="Đổi máy", asked=asked)
    before = figures(office, 2024)
    adjusting = [line["blockers"] for line in before["lines"]]

    assert adjusting == [["Có đề nghị điều chỉnh chưa quyết định; số tiền còn có thể đổi, hãy ghi quyết định."]]
    assert before["blocked"] == []


def test_draft_is_no_line_and_is_only_counted(office: Any) -> None:
    office.open()

    found = figures(office, 2024)

    assert (found["lines"], found["drafts"], found["totals"]["projects"]) == ([], 1, 0)


def test_reader_of_a_commune_sees_and_adds_up_only_its_own(office: Any) -> None:
    from models.loading import load_person

    own = office.bring(office.open(place="vlm-p-long-chau"), "submitted")
    office.bring(office.open(), "submitted")
    with office.store.read() as session:
        hanh = load_person(session, "hanh")

    found = figures(office, 2024, reader=hanh)

    assert lines(found, "new") == [own]
    assert (found["totals"]["projects"], found["limited_to"]) == (1, "Ngô Mỹ Hạnh")
