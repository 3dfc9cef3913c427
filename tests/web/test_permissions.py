"""Every route for every role and for strangers: exactly what the table says, and nothing that scope hides."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import iter_route_contexts

from flows.jobs.permitted import permission_rows
from models.desk.denials import denials
from states.steps import STEPS
from states.vocabulary import Role
from tests.web.reading import read
from web.access import Admission, Pages, Permission, permissions
from web.pages import every

#: One person of each role.
PEOPLE = {
    Role.CENTRE_OFFICER: "an",
    Role.COORDINATOR: "binh",
    Role.LEADER: "chi",
    Role.FINANCE: "dung",
    Role.COMMUNE_VIEWER: "hanh",
    Role.AUDITOR: "em",
    Role.ADMINISTRATOR: "giang",
}
#: Values of path parameters that fit their types; what they name need not exist.
SAMPLES = {
    "job": "nightly",
    "on": "2024-01-02",
    "year": "2024",
    "route": "local",
    "channel": "email",
    "day": "2024-01-02",
}


def filled(path: str, known: dict[str, str] | None = None) -> str:
    """The path of a route with something in the place of each parameter."""
    named = SAMPLES | (known or {})
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: named.get(found[1], "1"), path)


def table() -> list[Permission]:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    for router in every():
        app.include_router(router)
    return list(permissions(app))


TABLE = table()
LOOKS = [route for route in TABLE if route.method == "GET"]
ACTS = [route for route in TABLE if route.method == "POST"]


def test_table_holds_every_route_of_the_application(web: Any) -> None:
    served = {(method, found.path) for found in iter_route_contexts(web.app.routes) for method in found.methods or ()}

    listed = {(route.method, route.path) for route in web.app.state.permissions}

    assert listed == served
    assert {(route.method, route.path) for route in TABLE} <= listed
    assert len(TABLE) > 50


@pytest.mark.parametrize("role", Role)
def test_pages_open_for_a_role_exactly_as_the_table_says(web: Any, role: Role) -> None:
    browser, opened, broken = web.by(PEOPLE[role]), {}, []
    for route in LOOKS:
        answer = browser.get(filled(route.path))
        opened[route.path] = answer.status_code != 403
        broken += [route.path] if answer.status_code >= 500 else []

    expected = {route.path: route.who is None or role in route.who for route in LOOKS}
    assert opened == expected
    assert broken == []
    assert denials_of(web, PEOPLE[role]) == [f"GET {filled(path)}" for path, is_open in expected.items() if not is_open]


@pytest.mark.parametrize("role", Role)
def test_forms_are_taken_from_no_role_that_the_table_does_not_name(web: Any, role: Role) -> None:
    """Those whom it names are tried page by page elsewhere: an empty form must not begin a night here."""
    shut = [route for route in ACTS if route.who is not None and role not in route.who]
    browser, before = web.by(PEOPLE[role]), web.office.everything()

    answers = {route.path: browser.post(filled(route.path)).status_code for route in shut}

    assert answers == {route.path: 403 for route in shut}
    assert denials_of(web, PEOPLE[role]) == [f"POST {filled(route.path)}" for route in shut]
    assert changed_since(web, before) <= {"denial", "web_session"}


def test_strangers_come_to_the_door_wherever_the_table_does_not_let_them_in(web: Any) -> None:
    browser, before = web.by(), web.office.everything()

    shut = {route: browser.get(filled(route.path)) for route in LOOKS if route.who is not None}
    shut |= {route: browser.post(filled(route.path)) for route in ACTS if route.who is not None}
    open_ones = {route.path: browser.get(filled(route.path)).status_code for route in LOOKS if route.who is None}

    assert {route.path: answer.headers.get("location", "")[:6] for route, answer in shut.items()} == {
        route.path: "/login" for route in shut
    }
    assert {path: status for path, status in open_ones.items() if status in (401, 403) or status >= 500} == {}
    assert changed_since(web, before) == set()


def changed_since(web: Any, before: dict[str, Any]) -> set[str]:
    return {table for table, rows in web.office.everything().items() if rows != before[table]}


def denials_of(web: Any, code: str) -> list[str]:
    """What a person was denied by role, oldest first; a project out of sight is another matter."""
    with web.office.store.read() as session:
        rows = denials(session, who=code, limit=1000)
    return [f"{row['method']} {row['path']}" for row in reversed(rows) if "không mở được trang" in row["reason"]]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_table_is_what_the_routes_ask(web: Any, method: str) -> None:
    asked = {
        found.path: (dependency.dependency.who, dependency.dependency.label)
        for found in iter_route_contexts(web.app.routes)
        if method in (found.methods or ())
        for dependency in found.dependencies
        if isinstance(dependency.dependency, Admission)
    }

    told = {route.path: (route.who, route.label) for route in web.app.state.permissions if route.method == method}

    assert told == asked


def test_route_without_an_admission_keeps_the_application_from_starting() -> None:
    app, open_door = FastAPI(docs_url=None, redoc_url=None, openapi_url=None), APIRouter()

    @open_door.get("/open")
    def nobody_asked() -> str:
        return "vào đi"

    app.include_router(open_door)

    with pytest.raises(TypeError, match="/open does not say who may open it"):
        list(permissions(app))


def test_route_that_is_no_page_of_ours_keeps_the_application_from_starting() -> None:
    app = FastAPI(docs_url=None, redoc_url=None)

    with pytest.raises(TypeError, match="does not say who may open it"):
        list(permissions(app))


def test_same_page_admitted_twice_keeps_the_application_from_starting() -> None:
    app, pages = FastAPI(docs_url=None, redoc_url=None, openapi_url=None), Pages()
    pages.show("/twice", who=None, label="Hai lần")(lambda: "")
    [route] = pages.routes
    route.dependencies = route.dependencies * 2  # type: ignore[attr-defined]
    app.include_router(pages)

    with pytest.raises(TypeError, match="/twice"):
        list(permissions(app))


def test_label_names_every_page(web: Any) -> None:
    assert [route.path for route in TABLE if not route.label] == []


# --- the printed table --------------------------------------------------------------------------------


def test_printed_table_says_what_the_application_does(web: Any) -> None:
    page = read(web.by("em").get("/permissions").text)

    rows = {row[0]: row[1:] for row in page.tables[1] if len(row) > 1}
    shown = rows["Lập đường dẫn đặt mật khẩu POST /people/{code}/invite"]
    assert ["✓ được" in cell for cell in shown] == [False] * 7 + [True]
    assert all("được" in cell for cell in rows["Đăng nhập GET /login"])


def test_printed_table_says_who_records_a_step(web: Any) -> None:
    page = read(web.by("em").get("/permissions").text)

    row = next(row for row in page.tables[0] if row[0] == "Nộp hồ sơ")
    assert row[1] == "Đơn vị thực hiện"
    assert ["✓ được" in cell for cell in row[2:]] == [True, True, False, False, False, False, False]
    assert len(page.tables[0]) == 1 + len(STEPS)


# --- what scope hides ---------------------------------------------------------------------------------


SECRET = "Bản nháp mật của Trung tâm số 4711"
WORKSHOP = "Cơ sở Giấu Kín 4711"


@pytest.fixture
def hidden(web: Any) -> dict[str, str]:
    """A draft of the centre that neither the other unit's officer nor the commune's viewer may know of."""
    office = web.office
    beneficiary = office.workshop(WORKSHOP)
    open_one = office.bring(office.open(), "approved")
    code = office.open(name=SECRET, beneficiaries=(beneficiary,), amounts={"local_fund": 47_110_000})
    return {"code": code, "programme": "KC-VL-2021-2025", "open": open_one}


def addresses(hidden: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Every page, with what hides in the place of every parameter that may name it."""
    for route in LOOKS:
        for number in ("1", "2"):
            known = {"code": hidden["code"], "programme": hidden["programme"], "number": number, "id": number}
            yield route.path, filled(route.path, known)
            if "{" not in route.path:
                break


@pytest.mark.parametrize("who", ["yen", "hanh"])
def test_nobody_outside_ever_sees_a_draft(web: Any, hidden: dict[str, str], who: str) -> None:
    browser = web.by(who)
    leaks = []
    queries = ["", f"?words={SECRET}", f"?words={hidden['code']}", f"?code={hidden['code']}", "?year=2024"]
    for path, address in addresses(hidden):
        for query in queries:
            text = browser.get(address + query).text
            told = {SECRET, "47.110.000"} - {word for word in (SECRET,) if SECRET in query}
            leaks += [(path, query, word) for word in told if word in text]
            # The code is allowed where it was asked for and is only repeated in the refusal.
            if hidden["code"] not in address + query and hidden["code"] in text:
                leaks.append((path, query, hidden["code"]))

    assert leaks == []


def test_those_inside_see_the_draft(web: Any, hidden: dict[str, str]) -> None:
    """The walk above would find nothing also where nothing is shown to anybody."""
    seen = [who for who in ("an", "binh", "em") if SECRET in web.by(who).get(f"/projects/{hidden['code']}").text]

    assert seen == ["an", "binh", "em"]


def test_terminal_prints_the_same_table(web: Any) -> None:
    told = {(row["method"], row["path"]): row for row in permission_rows()}

    assert {which: (row["label"], row["who"] and set(row["who"]), row["scope"]) for which, row in told.items()} == {
        (route.method, route.path): (route.label, route.who and set(map(str, route.who)), route.scope)
        for route in web.app.state.permissions
    }
