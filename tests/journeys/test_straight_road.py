"""The straight road of both routes, on both databases."""

from typing import Any

import pytest

from states.vocabulary import Route, Stage


@pytest.mark.parametrize("route", list(Route))
def test_straight_road_reaches_settlement(office_on_both: Any, route: Route) -> None:
    code = office_on_both.open(route=route)

    office_on_both.bring(code, Stage.SETTLED)

    facts = office_on_both.facts(code)
    assert (facts.stage, facts.outstanding) == (Stage.SETTLED, 0)
