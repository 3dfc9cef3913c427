"""The description of the interface holds, and no request whatsoever brings the program down."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from models.desk.tokens import make_token
from models.loading import load_person
from models.store import open_store
from states.scopes import ALL_SCOPES
from states.vocabulary import Role
from tests.conftest import Office
from tests.web.conftest import web_office
from web.api.description import TAGS, described

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
#: The first person of each role; an endpoint is called by the first role that it names.
WHO = {
    Role.CENTRE_OFFICER: "an",
    Role.COORDINATOR: "binh",
    Role.LEADER: "chi",
    Role.FINANCE: "dung",
    Role.AUDITOR: "em",
    Role.ADMINISTRATOR: "giang",
    Role.COMMUNE_VIEWER: "hanh",
}


@pytest.fixture(scope="module")
def filled(furnished: tuple[Path, int], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A desk over an office with a project at work, and a token of each role."""
    template, beneficiary = furnished
    folder = tmp_path_factory.mktemp("schema")
    shutil.copy(template, folder / "dean.db")
    store = open_store(f"sqlite:///{folder / 'dean.db'}", folder / "files")
    office = Office(store, beneficiary=beneficiary)
    office.bring(office.open(), "accepted")
    office.bring(office.open(), "cleared")
    web = web_office(office, web_hosts="testserver")
    web.tokens = {}  # type: ignore[attr-defined]
    with store.write() as session:
        for role, code in WHO.items():
            until = office.today + timedelta(days=30)
            person = load_person(session, code)
            web.tokens[role] = make_token(session, person, "thử", ALL_SCOPES, expires_on=until, at=office.at)  # type: ignore[attr-defined]
    yield web
    store.close()


@pytest.fixture(scope="module")
def api_schema(filled: Any) -> Any:
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", filled.app)


#: Running a job starts a process of its own: tested with the page that does the same.
LEFT_OUT = {"operations_run_now"}
EXAMPLES_EACH = 6
PATIENCE = settings(
    max_examples=EXAMPLES_EACH,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)


@pytest.mark.parametrize("tag", TAGS)
def test_every_request_gets_an_answer_that_is_described(filled: Any, api_schema: Any, tag: str) -> None:
    found = [result.ok() for result in api_schema.get_all_operations()]
    operations = [one for one in found if tag in one.definition.raw["tags"]]
    wrong = []

    for operation in operations:
        if operation.definition.raw["operationId"] not in LEFT_OUT:
            try:
                _try(operation, filled)
            except Exception as failure:
                wrong.append(f"{operation.label}: {failure}")

    assert (len(operations) > 0, "\n".join(wrong)) == (True, "")


def _try(operation: Any, web: Any) -> None:
    role = Role(operation.definition.raw["x-roles"][0])

    @PATIENCE
    @given(case=operation.as_strategy())
    def every_request(case: Any) -> None:
        case.headers["Authorization"] = f"Bearer {web.tokens[role]}"
        case.validate_response(case.call(), checks=CHECKS)

    every_request()


def test_description_names_every_endpoint_with_its_roles_and_scope(filled: Any) -> None:
    told = {
        (method.upper(), path): (set(each["x-roles"]), each["x-scope"])
        for path, methods in described(filled.app)["paths"].items()
        for method, each in methods.items()
    }

    admitted = {(one.method, one.path): one for one in filled.app.state.permissions if one.scope is not None}
    assert told == {which: (set(one.who), one.scope) for which, one in admitted.items()}


def test_every_body_has_an_example_that_its_endpoint_can_read(filled: Any) -> None:
    """Each is sent as it stands: the rules may refuse it, but nothing in it is misspelt or of another kind."""
    wrong = []

    for path, methods in described(filled.app)["paths"].items():
        for method, each in methods.items():
            for kind, content in each.get("requestBody", {}).get("content", {}).items():
                if "example" not in content:
                    wrong.append(f"{each['operationId']}: none")
                elif kind == "application/json":
                    answer = _sent(filled, method, path, each, content["example"])
                    if answer.status_code in (401, 403, 422) or answer.status_code >= 500:
                        wrong.append(f"{each['operationId']}: {answer.status_code} {answer.text}")

    assert wrong == []


def _sent(web: Any, method: str, path: str, operation: Any, example: Any) -> Any:
    """The example over the endpoint, by the first role that may call it."""
    values = {"{code}": "KC-VL-2024-002", "{year}": "2024", "{route}": "local", "{action}": "submit", "{step}": "build"}
    values |= {"{number}": "1", "{channel}": "email", "{contract}": "1", "{decision}": "1", "{job}": "nightly"}
    for name, value in values.items():
        path = path.replace(name, value)
    client = web.by()
    client.headers.pop("sec-fetch-site")
    role = Role(operation["x-roles"][0])
    return client.request(
        method.upper(),
        f"{path}?name=A",
        json=example,
        headers={"authorization": f"Bearer {web.tokens[role]}"},
    )
