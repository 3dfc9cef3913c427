"""Charts: what is drawn is what the table says, within the frame, readable without colour and without a style."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest

from web.pages.programme_charts import WIDEST, money_stacks, running_lines, target_bars
from web.rendering import TEMPLATES

NOTHING = {"budget": 0, "planned": 0, "approved": 0, "implemented": 0, "settled": 0}
LABELS = {
    name: name
    for name in (
        *("planned", "approved", "implemented", "settled", "goal", "free", "unit", "over", "budget"),
        *("national_fund", "local_fund", "counterpart"),
    )
}


def target(**changes: Any) -> dict[str, Any]:
    usual = {"code": "T1", "name": "máy <móc>", "unit": "máy", "quantity": 50, "quantity_min": None}
    return usual | {"planned": 40, "approved": 30, "implemented": 20, "settled": 10} | changes


def drawn(macro: str, *given: Any) -> ElementTree.Element:
    """The drawing of a macro, which must be well-formed by itself."""
    text = str(getattr(TEMPLATES.get_template("charts.html").module, macro)("id", "Tên <b>", *given))
    [svg] = re.findall(r"<svg class=\"chart\" width=\"820\".*?</svg>", text, re.S)
    assert "style=" not in text
    assert "Tên &lt;b&gt;" in text
    return ElementTree.fromstring(svg)


def test_bar_is_as_long_as_its_share_of_the_goal() -> None:
    [bar] = target_bars([target()])

    assert bar["shares"] == {"planned": 80, "approved": 60, "implemented": 40, "settled": 20}


@pytest.mark.parametrize(
    ("changes", "shares"),
    [
        ({"quantity": None, "quantity_min": 10}, [WIDEST, WIDEST, WIDEST, 100]),
        ({"quantity": None}, [100, 75, 50, 25]),
        ({"quantity": 0}, [100, 75, 50, 25]),
        ({"quantity": None} | dict.fromkeys(("planned", "approved", "implemented", "settled"), 0), [0, 0, 0, 0]),
        ({"quantity": 3, "planned": 2, "approved": 2, "implemented": 2, "settled": 0}, [66, 66, 66, 0]),
    ],
    ids=["range", "no_goal", "goal_of_nothing", "nothing_at_all", "rounds_down"],
)
def test_bar_of_an_unusual_target_stays_in_its_frame(changes: dict[str, Any], shares: list[int]) -> None:
    [bar] = target_bars([target(**changes)])

    assert list(bar["shares"].values()) == shares


def test_bars_are_drawn_with_their_figures_as_words() -> None:
    svg = drawn("bars", target_bars([target(), target(code="T2", implemented=70)]), LABELS, WIDEST)

    texts = [text for element in svg.iter() if (text := (element.text or "").strip())]
    assert "20/50 máy" in texts
    assert "70/50 máy" in texts
    widths = [float(element.attrib["width"]) for element in svg.iter() if element.tag.endswith("rect")]
    assert max(widths) <= WIDEST * 3.4


def test_stack_adds_up_to_the_budget_or_to_what_goes_over() -> None:
    money = {
        "national_fund": NOTHING | {"budget": 100, "approved": 60, "implemented": 40, "settled": 10},
        "local_fund": NOTHING | {"budget": 100, "approved": 130, "implemented": 130},
        "counterpart": NOTHING | {"budget": 10, "approved": 20},
    }

    stacks = money_stacks(money)

    assert [list(stack["parts"].values()) for stack in stacks] == [[10, 30, 20, 40], [0, 130, 0, 0], [0, 0, 20, 0]]
    assert [stack["over"] for stack in stacks] == [0, 30, 0]
    assert {stack["most"] for stack in stacks} == {130}
    drawn("stacked", stacks, LABELS)


def test_stack_of_nothing_is_drawn_too() -> None:
    drawn("stacked", money_stacks(dict.fromkeys(("national_fund", "local_fund", "counterpart"), NOTHING)), LABELS)


def test_line_runs_over_the_whole_period_and_never_above_its_frame() -> None:
    sums = [{"approved": 10, "implemented": 0, "settled": 0}, {"approved": 90, "implemented": 40, "settled": 40}]
    found = {
        "programme": {"start_year": 2021, "end_year": 2025},
        "money": {"total": NOTHING | {"budget": 80}},
        "months": [{"part": "2020-12", "sum": sums[0]}, {"part": "2022-06", "sum": sums[1]}],
    }

    lines = running_lines(found)

    assert lines is not None
    assert (lines["width"], lines["top"]) == (60, 90)
    assert lines["points"]["approved"] == [(0, 111), (18, 1000)]
    svg = drawn("running", lines, LABELS)
    points = [point for element in svg.iter() for point in element.attrib.get("points", "").split()]
    assert all(90 <= float(x) <= 730 and 20 <= float(y) <= 260 for x, y in (point.split(",") for point in points))


def test_line_of_fewer_than_two_months_is_not_drawn() -> None:
    assert running_lines({"months": []}) is None
