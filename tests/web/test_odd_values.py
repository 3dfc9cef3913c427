"""Odd years, days and numbers in every parameter of every address: refused with a sentence, on both databases."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts

from tests.web.reading import read
from tests.web.test_permissions import filled

#: What no person types, and programs that try doors do.
ODD = (
    "0000",
    "-1",
    "9" * 30,
    "²",
    "0000-00-00",
    "0001-01-01",
    "9999-12-31",
    "2024-02-30",
    "quý 0/0000",
    "\ud7ff'\"%_\\",
)
#: Parameters that pages read from the address themselves.
READ_BY_HAND = {
    "/projects": "words programme year state stage route content unit place deadline sort columns after before totals",
}


def asked(app: Any) -> Iterator[tuple[str, str]]:
    """Every path that is looked at, with each parameter that it takes."""
    for found in iter_route_contexts(app.routes):
        if "GET" not in (found.methods or ()):
            continue
        dependant = getattr(found.original_route, "dependant", None)
        path = str(found.path)
        named = [field.alias for field in dependant.query_params] if dependant else []
        for name in (*named, *READ_BY_HAND.get(path, "").split()):
            yield path, name


def test_odd_values_of_every_parameter_are_refused_with_a_sentence(web_on_both: Any) -> None:
    office = web_on_both.office
    code = office.bring(office.open(), "cleared")
    browser = web_on_both.by("giang")
    browser._transport.raise_server_exceptions = False
    known = {"code": code, "programme": "KC-VL-2021-2025", "form": "csv"}
    wrong = []

    for path, name in dict.fromkeys(asked(web_on_both.app)):
        for odd in ODD:
            answer = browser.get(filled(path, known), params={name: odd})
            if answer.status_code >= 500 or answer.status_code == 422 or not _says_why(answer):
                wrong.append(f"{answer.status_code} {path}?{name}={odd}")

    assert "\n".join(wrong) == ""


def _says_why(answer: Any) -> bool:
    """Is a refusal one that tells what to do?"""
    if answer.status_code != 400:
        return True
    if answer.headers["content-type"].startswith("application/problem+json"):
        return bool(answer.json()["detail"])
    return "hãy" in read(answer.text).text.casefold()


@pytest.mark.parametrize(
    "path", ["/reports/0", "/log/events/0", "/calendar/year/0000", "/plans/0000/local", "/public/x"]
)
def test_odd_numbers_in_a_path_lead_to_a_page_that_says_so(web_on_both: Any, path: str) -> None:
    answer = web_on_both.by("giang").get(path)

    assert answer.status_code in (404, 422)
    assert read(answer.text).title
