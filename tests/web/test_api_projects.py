"""Projects over the programming interface: a small life, scopes, refusals, and writes that happen once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from models.desk.tokens import make_token, revoke_token, tokens_of
from models.loading import load_person
from states.scopes import ALL_SCOPES, Scope

TRIEU = 1_000_000
Program = Callable[..., Any]


@pytest.fixture
def program(web: Any) -> Program:
    """A program that acts for a person with a token of all scopes, or those given."""

    def acting(code: str, *scopes: Scope) -> Any:
        office = web.office
        with office.store.write() as session:
            expires = office.today + timedelta(days=30)
            person = load_person(session, code)
            token = make_token(session, person, "thử", scopes or ALL_SCOPES, expires_on=expires, at=office.at)
        client = web.by()
        client.headers.pop("sec-fetch-site")
        client.headers["authorization"] = f"Bearer {token}"
        return client

    return acting


def draft(office: Any) -> dict[str, Any]:
    return {
        "name": "Hỗ trợ máy sấy",
        "programme": "KC-VL-2021-2025",
        "content": 2,
        "activity": "machinery",
        "route": "local",
        "plan_year": 2024,
        "unit": "ttkc",
        "beneficiaries": [office.beneficiary],
        "amounts": {"local_fund": 300 * TRIEU, "counterpart": 350 * TRIEU},
        "targets": {"T2_2": 1},
        "total_cost": 650 * TRIEU,
    }


SUBMIT = {"number": "01/TTKC", "papers": [{"kind": "dossier"}, {"kind": "support_request"}]}


def test_project_is_opened_submitted_and_read_back(web: Any, program: Program) -> None:
    an = program("an")

    code = an.post("/api/v1/projects", json=draft(web.office)).json()["project"]
    taken = an.post(f"/api/v1/projects/{code}/steps/submit", json=SUBMIT | {"seen_version": 1})

    assert (taken.status_code, taken.json()["to"], taken.json()["version"]) == (200, "submitted", 2)
    sheet = program("binh").get(f"/api/v1/projects/{code}").json()
    assert (sheet["stage"], sheet["version"]) == ("submitted", 2)
    assert [event["action"] for event in an.get(f"/api/v1/projects/{code}/history").json()["events"]] == [
        "open",
        "submit",
    ]
    assert web.office.stage(code) == "submitted"


def test_refused_step_is_a_problem_with_every_reason(web: Any, program: Program) -> None:
    code = web.office.open()

    answer = program("an").post(f"/api/v1/projects/{code}/steps/submit", json={"seen_version": 1})

    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (told["type"], told["title_en"], told["status"]) == (
        "/api/v1/problems/refused",
        "Refused by the rules",
        409,
    )
    assert told["detail"] == " ".join(told["reasons"])
    assert len(told["reasons"]) > 1
    assert web.office.stage(code) == "draft"


def test_step_on_an_older_version_is_refused(web: Any, program: Program) -> None:
    code = web.office.bring(web.office.open(), "submitted")

    answer = program("binh").post(
        f"/api/v1/projects/{code}/steps/start_appraisal", json={"seen_version": 1, "number": "02/SCT"}
    )

    assert (answer.status_code, "vừa được" in answer.json()["detail"]) == (409, True)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "seen_version"),
        ({"seen_version": 1, "sined": "x"}, "sined"),
        ({"seen_version": "1"}, "seen_version"),
        ({"seen_version": 1, "amounts": {"local_fund": 1.5}}, "amounts.local_fund"),
        ({"seen_version": 1, "amounts": {"lottery": 1}}, "amounts.lottery"),
    ],
    ids=["missing", "unknown", "text", "float", "source"],
)
def test_unreadable_step_names_the_field(web: Any, program: Program, body: dict[str, Any], place: str) -> None:
    code = web.office.open()

    answer = program("an").post(f"/api/v1/projects/{code}/steps/submit", json=body)

    assert answer.status_code == 422
    assert answer.json()["type"] == "/api/v1/problems/unreadable"
    assert any(place in reason for reason in answer.json()["reasons"])


# --- who ----------------------------------------------------------------------------------------------


def test_stranger_gets_401_and_is_told_how(web: Any) -> None:
    answer = web.by().get("/api/v1/projects")

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="dean"'


@pytest.mark.parametrize("end", ["revoked", "expired", "locked", "forged"])
def test_token_that_ended_is_worth_nothing(web: Any, program: Program, end: str) -> None:
    office = web.office
    client = program("binh")
    assert client.get("/api/v1/projects").status_code == 200

    if end == "forged":
        client.headers["authorization"] += "x"
    elif end == "expired":
        office.at += timedelta(days=31)
    else:
        with office.store.write() as session:
            person = load_person(session, "binh")
            if end == "revoked":
                [token] = tokens_of(session, person.id)
                revoke_token(session, person.id, token["key"], at=office.at)
            else:
                from models.people import edit_person

                edit_person(session, "binh", office.origin, active=False)

    assert client.get("/api/v1/projects").status_code == 401


def test_token_does_only_what_its_scopes_allow(web: Any, program: Program) -> None:
    code = web.office.open()
    reader = program("an", Scope.READ)

    read = reader.get(f"/api/v1/projects/{code}")
    written = reader.post(f"/api/v1/projects/{code}/steps/submit", json=SUBMIT | {"seen_version": 1})

    assert (read.status_code, written.status_code) == (200, 403)
    assert written.json()["type"] == "/api/v1/problems/denied"
    assert web.office.stage(code) == "draft"


def test_token_opens_no_page(web: Any, program: Program) -> None:
    assert program("binh").get("/me").status_code == 403


@pytest.mark.parametrize("path", ["", "/history", "/steps", "/papers", "/deadlines", "/waterfall", "/comments"])
def test_outsiders_learn_nothing_of_a_project(web: Any, program: Program, path: str) -> None:
    code = web.office.open()

    hidden = program("hanh").get(f"/api/v1/projects/{code}{path}")
    unknown = program("hanh").get(f"/api/v1/projects/KC-VL-2024-999{path}")

    assert (hidden.status_code, unknown.status_code) == (404, 404)
    assert hidden.json()["detail"].replace(code, "…") == unknown.json()["detail"].replace("KC-VL-2024-999", "…")


def test_list_keeps_to_the_scope_of_the_person(web: Any, program: Program) -> None:
    web.office.open()

    seen = {code: len(program(code).get("/api/v1/projects").json()["projects"]) for code in ("an", "yen", "hanh", "em")}

    assert seen == {"an": 1, "yen": 0, "hanh": 0, "em": 1}


def test_list_is_paged(web: Any, program: Program) -> None:
    codes = [web.office.open() for _ in range(3)]
    client = program("binh")

    first = client.get("/api/v1/projects?limit=2").json()
    rest = client.get(f"/api/v1/projects?limit=2&offset={first['next_offset']}").json()

    assert [row["code"] for row in first["projects"] + rest["projects"]] == codes
    assert rest["next_offset"] is None


# --- once ---------------------------------------------------------------------------------------------


def test_same_key_gets_one_effect_and_the_same_answer(web: Any, program: Program) -> None:
    an = program("an")
    ask = {"json": draft(web.office), "headers": {"idempotency-key": "lần-1".encode().hex()}}

    first, second = an.post("/api/v1/projects", **ask), an.post("/api/v1/projects", **ask)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert second.headers["idempotency-replayed"] == "true"
    assert len(an.get("/api/v1/projects").json()["projects"]) == 1


def test_same_key_for_another_request_is_refused(web: Any, program: Program) -> None:
    an, headers = program("an"), {"idempotency-key": "k1"}
    an.post("/api/v1/projects", json=draft(web.office), headers=headers)

    answer = an.post("/api/v1/projects", json=draft(web.office) | {"name": "Tên khác"}, headers=headers)

    assert answer.status_code == 409
    assert "Idempotency-Key" in answer.json()["detail"]


def test_keys_of_two_people_are_two_keys(web: Any, program: Program) -> None:
    headers = {"idempotency-key": "k1"}

    codes = {
        program(code).post("/api/v1/projects", json=draft(web.office), headers=headers).json()["project"]
        for code in ("an", "binh")
    }

    assert len(codes) == 2


def test_refused_request_leaves_its_key_free(web: Any, program: Program) -> None:
    code, an, headers = web.office.open(), program("an"), {"idempotency-key": "k1"}
    path = f"/api/v1/projects/{code}/steps/submit"

    refused = an.post(path, json={"seen_version": 1}, headers=headers)
    taken = an.post(path, json=SUBMIT | {"seen_version": 1}, headers=headers)

    assert (refused.status_code, taken.status_code) == (409, 200)


def test_answer_that_was_lost_is_told_and_not_repeated(web: Any, program: Program) -> None:
    """The effect is committed with its key; a crash before the answer was kept must not make a second effect."""
    from sqlalchemy import text

    an, headers = program("an"), {"idempotency-key": "k1"}
    an.post("/api/v1/projects", json=draft(web.office), headers=headers)
    with web.office.store.write() as session:
        session.connection().execute(text("UPDATE idempotency_key SET status = 0, answer = ''"))

    again = an.post("/api/v1/projects", json=draft(web.office), headers=headers)

    assert (again.status_code, again.json()["type"]) == (409, "/api/v1/problems/already-done")
    assert len(an.get("/api/v1/projects").json()["projects"]) == 1


def test_a_withdrawn_project_is_copied_into_a_new_draft(web: Any, program: Program) -> None:
    office = web.office
    code, alive = office.bring(office.open(), "submitted"), office.open()
    office.step(code, "withdraw", "an", number="5/TTKC", note="Cơ sở xin thôi")
    an = program("an")

    made = an.post(f"/api/v1/projects/{code}/copies", json={"plan_year": 2025})
    refused = an.post(f"/api/v1/projects/{alive}/copies", json={})

    fresh = an.get(f"/api/v1/projects/{made.json()['project']}").json()
    assert (made.status_code, fresh["stage"], fresh["plan_year"], fresh["author"]["code"]) == (201, "draft", 2025, "an")
    assert (refused.status_code, refused.json()["type"]) == (409, "/api/v1/problems/refused")
