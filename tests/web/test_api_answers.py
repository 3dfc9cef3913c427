"""Every answer of the interface is what its description says: no field more, none less, none of another kind."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from models.store import open_store
from tests.conftest import Office
from tests.web.answering import AGAIN, LOOKS, looked, write_all
from tests.web.conftest import web_office
from tests.web.sampled import live
from tests.web.test_api_access import acting
from web.api.answers import described_answers
from web.api.description import described

#: Starts a process of its own: tested with the page that does the same.
NOT_SENT = {"operations_run_now"}


@pytest.fixture(scope="module")
def answered(furnished: tuple[Path, int], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The description of an office's desk, and what every operation answered there."""
    template, beneficiary = furnished
    folder = tmp_path_factory.mktemp("answers")
    shutil.copy(template, folder / "dean.db")
    store = open_store(f"sqlite:///{folder / 'dean.db'}", folder / "files")
    office = Office(store, beneficiary=beneficiary)
    sample = live(office)
    web = web_office(office)
    # A denial and a note of an invitation, for those who read of them.
    acting(web, "hanh").get("/api/v1/people")
    yield described(web.app), [*looked(web, sample, LOOKS), *write_all(web, sample), *looked(web, sample, AGAIN)]
    store.close()


def operations(description: Any) -> Iterator[tuple[str, str, Any]]:
    """The name, the method and the successful answer of each operation."""
    for methods in description["paths"].values():
        for method, operation in methods.items():
            [done] = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
            yield operation["operationId"], method, done


def loose(schema: Any, path: str = "") -> Iterator[str]:
    """Where a description says no more than that something is there."""
    if isinstance(schema, list):
        for number, one in enumerate(schema):
            yield from loose(one, f"{path}/{number}")
    elif isinstance(schema, dict):
        if schema.get("type") == "object" and "additionalProperties" not in schema and "result" not in path:
            yield path
        if schema.get("type") == "array" and not schema.get("items"):
            yield path
        for name, one in schema.items():
            yield from loose(one, f"{path}/{name}")


def test_every_operation_describes_what_it_answers(answered: Any) -> None:
    description, _ = answered

    said = {name: done["content"] for name, _, done in operations(description)}

    assert [name for name, content in said.items() if not content] == []
    assert [place for name, content in said.items() for place in loose(content, name)] == []
    assert list(loose(described_answers().components)) == []
    assert set(said) == {*described_answers().answers, *described_answers().files}


def test_every_operation_is_asked(answered: Any) -> None:
    description, answers = answered

    asked = {name for name, _, _ in answers}

    assert {name for name, method, _ in operations(description) if method == "get"} == {*LOOKS, "imports_marked"}
    assert {name for name, _, _ in operations(description)} - asked == NOT_SENT


def test_every_answer_is_as_it_is_described(answered: Any) -> None:
    description, answers = answered
    said = {name: done["content"] for name, _, done in operations(description)}
    wrong = []

    for name, place, answer in answers:
        kind = answer.headers["content-type"].partition(";")[0]
        if answer.status_code >= 300 or kind not in said[name]:
            wrong.append(f"{name} {place}: {answer.status_code} {kind} {answer.text[:300]}")
        elif kind == "application/json":
            schema = {"components": description["components"]} | said[name][kind]["schema"]
            found = jsonschema.Draft202012Validator(schema).iter_errors(answer.json())
            wrong += [f"{name} {place} {list(error.absolute_path)}: {error.message[:300]}" for error in found]

    assert "\n".join(wrong) == ""


def test_every_field_says_in_english_what_it_is() -> None:
    known = described_answers()

    def told(schema: Any) -> Iterator[tuple[str, Any]]:
        if isinstance(schema, dict):
            yield from schema.get("properties", {}).items()
            for one in schema.values():
                yield from told(one)
        elif isinstance(schema, list):
            for one in schema:
                yield from told(one)

    fields = [*told(dict(known.answers)), *told(dict(known.components))]
    scalars = [(name, field) for name, field in fields if field.get("type") in ("string", "integer", "boolean")]

    assert len(scalars) > 1000
    assert {name for name, field in scalars if not field.get("description")} == set()
    words = " ".join(field.get("description", "") for _, field in fields).replace("đồng", "").replace("nội dung", "")
    assert [letter for letter in words if ord(letter) > 127 and letter not in "…’“”"] == []
