"""Forks of a plan: tried out, compared, and one of them made the proposal."""

from datetime import date, timedelta
from typing import Any

import pytest

from models.decisions import DecisionPaper
from models.loading import load_person
from models.plan import life
from models.plan.comparing import compare, fork_view
from models.plan.forks import Changes, change_fork, drop_fork, fork_list, load_fork, open_fork, propose_fork
from models.plan.life import Letter
from models.plan.reads import plan_version
from models.plan.standing import load_plan
from models.plan.steps import Door
from states.refusal import Refused
from states.vocabulary import Route, Source

TRIEU = 1_000_000
FUND, COUNTERPART = Source.LOCAL_FUND, Source.COUNTERPART
YEAR = ("KC-VL-2021-2025", 2024, Route.LOCAL)
NAME = "Ít tiền hơn"
DAYS = {"starts_on": date(2024, 4, 1), "ends_on": date(2024, 9, 30)}


class Trials:
    """Two candidates in a draft plan of 2024 and a third beside it, with forks over them."""

    def __init__(self, office: Any) -> None:
        self.office = office
        self.first, self.second = (self.candidate(place) for place in range(2))
        self.do(life.build, YEAR)
        self.third = self.candidate(2)

    def candidate(self, place: int, **changes: Any) -> str:
        workshop = self.office.workshop(f"Cơ sở {place}-{self.office.at:%H%M}")
        code: str = self.office.bring(self.office.open(beneficiaries=(workshop,), **{**DAYS, **changes}), "cleared")
        return code

    def do(self, write: Any, which: tuple[Any, ...], *more: Any, by: str = "binh", **typed: Any) -> Any:
        self.office.at += timedelta(hours=1)
        with self.office.store.write() as session:
            door = Door(load_person(session, by), self.office.at, "test")
            return write(session, *which, *more, door=door, **typed)

    def open(self, name: str = NAME, **typed: Any) -> Any:
        return self.do(open_fork, (*YEAR, name), **typed)

    def change(self, changes: Changes, name: str = NAME, by: str = "binh") -> Any:
        return self.do(change_fork, (*YEAR, name), changes, by=by)

    def view(self, name: str | None = NAME) -> dict[str, Any]:
        with self.office.store.read() as session:
            return fork_view(session, *YEAR, name)

    def compare(self, left: str | None, right: str | None) -> dict[str, Any]:
        with self.office.store.read() as session:
            return compare(session, *YEAR, left, right)

    def lines(self, name: str | None = NAME) -> dict[str, tuple[int, int]]:
        """Support in triệu đồng and months by code."""
        return {
            line["code"]: (line["money"]["local_fund"] // TRIEU, line["months"]) for line in self.view(name)["lines"]
        }


@pytest.fixture
def trials(office: Any) -> Trials:
    return Trials(office)


def test_fork_begins_as_a_copy_of_the_plan_and_leaves_it_alone(office_on_both: Any) -> None:
    trials = Trials(office_on_both)
    with trials.office.store.read() as session:
        before = plan_version(session, *YEAR)

    trials.open(note="Nếu tỉnh chỉ cấp một nửa")
    trials.change(Changes(drop=(trials.second,), why="Để năm sau"))
    trials.change(Changes(money={trials.first: {FUND: 200 * TRIEU}}, shift={trials.first: 2}, why="Giảm mức"))
    trials.change(Changes(add={trials.third: {}}))

    assert trials.lines() == {trials.first: (200, 2), trials.third: (300, 0)}
    assert trials.lines(None) == {trials.first: (300, 0), trials.second: (300, 0)}
    with trials.office.store.read() as session:
        assert plan_version(session, *YEAR) == before
        assert fork_list(session, load_plan(session, *YEAR, lock=False)) == [
            {
                "name": NAME,
                "status": "open",
                "status_label": "Đang thử",
                "note": "Nếu tỉnh chỉ cấp một nửa",
                "lines": 2,
                "support": 500 * TRIEU,
            }
        ]
    trials.office.prove()


def test_fork_of_a_fork_stands_by_itself(trials: Trials) -> None:
    trials.open(changes=Changes(drop=(trials.first,)))
    trials.open("Thêm nữa", copy_of=NAME, changes=Changes(add={trials.third: {FUND: 150 * TRIEU}}))
    trials.change(Changes(add={trials.first: {}}))

    assert trials.lines("Thêm nữa") == {trials.second: (300, 0), trials.third: (150, 0)}
    assert trials.lines() == {trials.first: (300, 0), trials.second: (300, 0)}


def test_dropped_project_that_comes_back_is_not_shifted_any_more(trials: Trials) -> None:
    trials.open(changes=Changes(shift={trials.first: 3}))
    trials.change(Changes(drop=(trials.first,)))
    trials.change(Changes(add={trials.first: {}}))

    assert trials.lines()[trials.first] == (300, 0)


def test_fork_tells_money_targets_and_load_of_its_lines(trials: Trials) -> None:
    trials.open(changes=Changes(drop=(trials.second,), money={trials.first: {FUND: 123 * TRIEU + 1}}))

    view = trials.view()

    assert view["totals"]["projects"] == 1
    assert view["totals"]["money"] == {"national_fund": 0, "local_fund": 123 * TRIEU + 1, "counterpart": 350 * TRIEU}
    assert {row["code"]: row["adds"] for row in view["targets"] if row["adds"]} == {"T2_2": 1}
    assert {month: sum(kinds.values()) for month, kinds in view["load"].items()} == {
        "2024-04": 1,
        "2024-09": 1,
        "2024-10": 1,
        "2025-01": 1,
    }
    assert view["warnings"] == []


def test_fork_warns_of_money_over_the_programme_and_work_over_the_year(trials: Trials) -> None:
    trials.open(changes=Changes(money={trials.first: {FUND: 40_000 * TRIEU}}, shift={trials.first: 4}))

    view = trials.view()

    [over] = [row for row in view["envelope"] if row["remaining"] < 0 and row["source"] == "local_fund"]
    assert view["warnings"][0].startswith("Vượt ")
    assert over["this_year"] == 40_300 * TRIEU
    assert view["warnings"][1] == (
        f"{trials.first}: lùi 4 tháng thì xong sau 31/12/2024; phải chuyển năm và chỉ tiêu tính khi nghiệm thu."
    )


def test_blocked_candidate_may_be_tried_and_is_told(trials: Trials) -> None:
    early = trials.office.bring(trials.office.open(beneficiaries=(trials.office.workshop("Mới"),)), "submitted")

    trials.open(changes=Changes(add={early: {}}))

    assert any(warning.startswith(f"{early}: Ở giai đoạn «Đã nộp»") for warning in trials.view()["warnings"])
    with pytest.raises(Refused, match="chưa thẩm định"):
        trials.do(propose_fork, (*YEAR, NAME))


# --- comparing ----------------------------------------------------------------------------------------


def test_two_forks_are_compared_by_money_targets_and_months(trials: Trials) -> None:
    trials.open("A", changes=Changes(money={trials.first: {FUND: 250 * TRIEU}}))
    trials.open("B", changes=Changes(drop=(trials.second,), shift={trials.first: 1}, why="Đợi máy"))

    found = trials.compare("A", "B")

    assert [(row["code"], row["in_left"], row["in_right"], row["support"]) for row in found["projects"]] == [
        (trials.first, 1, 1, {"left": 250 * TRIEU, "right": 300 * TRIEU, "change": 50 * TRIEU}),
        (trials.second, 1, 0, {"left": 300 * TRIEU, "right": 0, "change": -300 * TRIEU}),
    ]
    assert found["projects"][0]["months"] == {"left": 0, "right": 1, "change": 1}
    assert found["projects"][0]["why"] == "Đợi máy"
    money = {row["source"]: row["change"] for row in found["money"]}
    assert money == {
        "national_fund": 0,
        "local_fund": -250 * TRIEU,
        "counterpart": -350 * TRIEU,
        None: -600 * TRIEU,
    }
    [machines] = [row for row in found["targets"] if row["adds"]["left"]]
    assert (machines["code"], machines["adds"], machines["missing"]["change"]) == (
        "T2_2",
        {"left": 2, "right": 1, "change": -1},
        1,
    )
    assert [(row["month"], row["left"], row["right"]) for row in found["load"]] == [
        ("2024-04", 2, 0),
        ("2024-05", 0, 1),
        ("2024-09", 2, 0),
        ("2024-10", 2, 1),
        ("2024-11", 0, 1),
        ("2025-01", 2, 1),
    ]


def test_every_figure_of_a_comparison_is_that_of_its_sides(trials: Trials) -> None:
    trials.open("A", changes=Changes(drop=(trials.second,)))

    found, plan, fork = trials.compare(None, "A"), trials.view(None), trials.view("A")

    assert (found["left"]["name"], found["right"]["name"]) == ("kế hoạch", "A")
    for row in found["money"][:-1]:
        sides = [side["totals"]["money"][row["source"]] for side in (plan, fork)]
        assert [row["left"], row["right"], row["change"]] == [*sides, sides[1] - sides[0]]
    for row, left, right in zip(found["targets"], plan["targets"], fork["targets"], strict=True):
        assert (row["adds"]["left"], row["adds"]["right"]) == (left["adds"], right["adds"])
    for row in found["load"]:
        sums = [sum(side["load"].get(row["month"], {}).values()) for side in (plan, fork)]
        assert [row["left"], row["right"]] == sums
        assert sum(kind["change"] for kind in row["kinds"]) == row["change"]


def test_comparing_a_fork_with_itself_is_refused(trials: Trials) -> None:
    trials.open()

    with pytest.raises(Refused, match="Hai phương án là một"):
        trials.compare(NAME, NAME)


def test_reader_of_a_part_of_the_register_sees_no_fork(trials: Trials) -> None:
    trials.open()

    with trials.office.store.read() as session, pytest.raises(Refused, match="chỉ xem được một phần sổ"):
        fork_view(session, *YEAR, NAME, reader=load_person(session, "an"))


# --- the proposal -------------------------------------------------------------------------------------


def test_fork_becomes_the_proposal(office_on_both: Any) -> None:
    trials = Trials(office_on_both)
    trials.open(changes=Changes(drop=(trials.second,), add={trials.third: {}}, why="Cấp bách hơn"))

    taken = trials.do(propose_fork, (*YEAR, NAME))
    letter = Letter("50/TTr-SCT", trials.office.today, "Lê Minh Chi")
    trials.do(life.propose, YEAR, letter=letter)

    assert (taken.status, taken.version, taken.lines, taken.changes) == ("draft", 2, 2, ())
    with trials.office.store.read() as session:
        kept = plan_version(session, *YEAR)
        fork = load_fork(session, load_plan(session, *YEAR, lock=False), NAME)
    assert {line["code"]: line["why"] for line in kept["lines"]} == {
        trials.first: "",
        trials.third: "Cấp bách hơn",
    }
    assert (kept["status"], fork.status) == ("proposed", "proposed")
    trials.office.prove()


def test_letter_may_bear_a_day_before_the_fork_became_the_draft(trials: Trials) -> None:
    trials.open()
    written_on = trials.office.today
    trials.office.at += timedelta(days=2)

    trials.do(propose_fork, (*YEAR, NAME))
    taken = trials.do(life.propose, YEAR, letter=Letter("50/TTr-SCT", written_on, "Lê Minh Chi"))

    assert taken.status == "proposed"


def test_money_and_days_that_were_tried_must_first_stand_in_the_dossier(trials: Trials) -> None:
    trials.open(changes=Changes(money={trials.first: {FUND: 200 * TRIEU}}, shift={trials.second: -1}))

    taken = trials.do(propose_fork, (*YEAR, NAME))

    assert taken.changes == (
        f"{trials.first}: phương án ghi số tiền khác hồ sơ; hãy sửa hồ sơ cho khớp trước khi trình.",
        f"{trials.second}: phương án sớm hơn 1 tháng; hãy sửa ngày thực hiện "
        f"(dean project edit {trials.second} --starts-on NGÀY --ends-on NGÀY).",
    )
    letter = Letter("50/TTr-SCT", trials.office.today, "Lê Minh Chi")
    with pytest.raises(Refused, match=f"{trials.first}: kế hoạch ghi 550.000.000 đồng, hồ sơ nay là 650.000.000 đồng"):
        trials.do(life.propose, YEAR, letter=letter)


# --- refusals -----------------------------------------------------------------------------------------


def test_changes_that_cannot_be_are_all_refused_at_once(trials: Trials) -> None:
    trials.open()
    undated = trials.candidate(7, starts_on=None, ends_on=None)

    with pytest.raises(Refused) as refused:
        trials.change(
            Changes(
                add={trials.first: {}, undated: {FUND: 0}},
                drop=(trials.third, "KC-VL-2024-999"),
                money={trials.second: {FUND: 0}},
                shift={trials.second: 25, undated: 1},
            )
        )

    assert refused.value.reasons == (
        "KC-VL-2024-999: không phải ứng viên của năm và tuyến này; hãy kiểm tra mã (dean plan show --now).",
        f"{trials.first}: đã có trong phương án; hãy đổi số tiền (--money) thay vì --add.",
        f"{trials.third}: chưa có trong phương án; hãy ghi --add {trials.third} trước.",
        f"{undated}: hỗ trợ phải lớn hơn 0; muốn bỏ đề án hãy ghi --drop {undated}.",
        f"{trials.second}: hỗ trợ phải lớn hơn 0; muốn bỏ đề án hãy ghi --drop {trials.second}.",
        f"{trials.second}: chỉ dời được trong 24 tháng; hãy ghi lại số tháng.",
        f"{undated}: chưa ghi ngày thực hiện nên không dời được; hãy ghi "
        f"(dean project edit {undated} --starts-on NGÀY --ends-on NGÀY).",
    )
    assert trials.lines() == {trials.first: (300, 0), trials.second: (300, 0)}


def test_approved_project_is_not_tried_out(trials: Trials) -> None:
    """What was approved changes by an adjustment of the project alone."""
    day = trials.office.today
    trials.do(life.propose, YEAR, letter=Letter("50/TTr-SCT", day, "Lê Minh Chi"))
    trials.do(life.appraise, YEAR, letter=Letter("60/STC", day, "Hồ Văn Khoa"), by="bach")
    trials.do(life.approve, YEAR, DecisionPaper("980/QĐ-UBND", day, "Lê Quang Trung", 600 * TRIEU))

    with pytest.raises(Refused, match=f"{trials.first}: đã được phê duyệt"):
        trials.open(changes=Changes(drop=(trials.first,)))


def test_name_is_taken_whatever_its_case(trials: Trials) -> None:
    trials.open()

    with pytest.raises(Refused, match="Đã có phương án “Ít tiền hơn”"):
        trials.open("ít tiền HƠN")


def test_fork_does_not_bear_the_name_of_the_plan(trials: Trials) -> None:
    with pytest.raises(Refused, match="“Kế hoạch” là tên gọi chính kế hoạch khi so sánh"):
        trials.open("Kế hoạch")


def test_unchanged_fork_writes_no_event(trials: Trials) -> None:
    trials.open()

    with pytest.raises(Refused, match="không có gì để ghi"):
        trials.change(Changes(money={trials.first: {FUND: 300 * TRIEU}}))


def test_discarded_fork_is_readable_and_final(trials: Trials) -> None:
    trials.open()
    trials.do(drop_fork, (*YEAR, NAME))

    assert trials.view()["status_label"] == "Đã bỏ"
    with pytest.raises(Refused, match="không đổi được nữa; hãy lập phương án mới"):
        trials.change(Changes(drop=(trials.first,)))
    with pytest.raises(Refused, match="không đổi được nữa"):
        trials.do(propose_fork, (*YEAR, NAME))


@pytest.mark.parametrize("by", ["an", "dung", "em", "giang", "hanh"])
def test_only_the_office_tries_plans_out(trials: Trials, by: str) -> None:
    with pytest.raises(Refused, match="không được lập phương án"):
        trials.do(open_fork, (*YEAR, NAME), by=by)


def test_fork_of_a_plan_that_was_never_built_is_refused(office: Any) -> None:
    with office.store.write() as session, pytest.raises(Refused, match="hãy tổng hợp trước"):
        open_fork(session, *YEAR, NAME, door=Door(load_person(session, "binh"), office.at, "test"))


def test_unknown_fork_is_refused_with_the_command_that_lists_them(trials: Trials) -> None:
    with pytest.raises(
        Refused, match=r"không có phương án “Lạ”; hãy xem danh sách \(dean plan fork 2024 --route local\)"
    ):
        trials.view("Lạ")
