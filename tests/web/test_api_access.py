"""Every endpoint for every role and every scope, outsiders, and two that want the same thing at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from models.desk.tokens import make_token
from models.loading import load_person
from states.scopes import ALL_SCOPES, Scope
from states.vocabulary import Role
from tests.web.test_permissions import PEOPLE, filled

Program = Callable[..., Any]


def acting(web: Any, code: str, *scopes: Scope) -> Any:
    """A program with a token of a person."""
    office = web.office
    with office.store.write() as session:
        until = office.today + timedelta(days=30)
        person = load_person(session, code)
        token = make_token(session, person, "thử", scopes or ALL_SCOPES, expires_on=until, at=office.at)
    client = web.by()
    client.headers.pop("sec-fetch-site")
    client.headers["authorization"] = f"Bearer {token}"
    return client


def endpoints(web: Any) -> list[Any]:
    return [one for one in web.app.state.permissions if one.scope is not None]


@pytest.mark.parametrize("role", Role)
def test_endpoints_open_for_a_role_and_a_scope_exactly_as_the_table_says(web: Any, role: Role) -> None:
    """What is let in meets a body that cannot be read, or something that is not there; what is not gets 403."""
    opened, expected = {}, {}
    for scope in Scope:
        program = acting(web, PEOPLE[role], scope)
        for one in endpoints(web):
            if one.path.endswith("/runs/{job}") and role in one.who and one.scope is scope:
                continue
            answer = program.request(one.method, filled(one.path), json=["nothing of the kind"])
            opened[scope, one.method, one.path] = answer.status_code != 403
            expected[scope, one.method, one.path] = role in one.who and one.scope is scope
            assert answer.status_code < 500, (one, answer.text)

    assert opened == expected


def test_stranger_opens_no_endpoint(web: Any) -> None:
    stranger = web.by()
    stranger.headers.pop("sec-fetch-site")

    found = {one: stranger.request(one.method, filled(one.path)).status_code for one in endpoints(web)}

    assert set(found.values()) == {401}


@pytest.mark.parametrize("outsider", ["hanh", "yen"])
def test_outsider_meets_a_hidden_draft_nowhere(web: Any, outsider: str) -> None:
    code = web.office.open(name="Hỗ trợ máy bí mật Zeta")
    program = acting(web, outsider)
    known = {"code": code, "programme": "KC-VL-2021-2025"}

    told = {}
    for one in endpoints(web):
        if one.method == "GET":
            for path in {filled(one.path, known), filled(one.path, {"code": "KC-VL-2021-2025"})}:
                answer = program.get(path)
                # A refusal repeats what was asked for, and says the same of what does not exist.
                told[path] = answer.text if answer.status_code < 300 else answer.text.replace(code, "")

    assert [path for path, text in told.items() if "Zeta" in text or code in text] == []


def test_same_key_at_the_same_moment_gets_one_effect(web_on_both: Any) -> None:
    web, gate = web_on_both, Barrier(2)
    an, body = acting(web, "an"), {"name": "Cơ sở gốm Nhơn Phú", "kind": "household"}

    def ask(_: int) -> Any:
        gate.wait()
        return an.post("/api/v1/beneficiaries", json=body, headers={"idempotency-key": "k1"})

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(ask, range(2)))

    statuses = sorted(answer.status_code for answer in answers)
    # Whoever comes second gets the answer of the first, or, where that is not written down yet, is told it is done.
    assert statuses in ([201, 201], [201, 409])
    assert {a.json()["type"] for a in answers if a.status_code == 409} <= {"/api/v1/problems/already-done"}
    listed = an.get("/api/v1/beneficiaries?words=Nhon Phu").json()["beneficiaries"]
    assert len(listed) == 1


# --- one of each --------------------------------------------------------------------------------------


def test_list_is_approved_and_signed_over_the_interface(web: Any) -> None:
    office = web.office
    code = office.bring(office.open(), "cleared")
    office.at += timedelta(days=1)
    binh, chi = acting(web, "binh"), acting(web, "chi")
    decision = {"number": "980/QĐ-UBND", "decided_on": str(office.today), "signer": "Lê Quang Trung"}

    waiting = binh.get("/api/v1/approvals?route=local").json()["projects"]
    wrong = binh.post("/api/v1/decisions", json=decision | {"total": 1, "lines": [{"project": code}]})
    right = binh.post("/api/v1/decisions", json=decision | {"total": 300_000_000, "lines": [{"project": code}]})
    office.at += timedelta(days=1)
    contract = {"number": "06/HĐ", "signed_on": str(office.today), "signer": "Lê Minh Chi"}
    signed = chi.post("/api/v1/contracts", json=contract | {"projects": [{"project": code}]})

    assert [row["code"] for row in waiting] == [code]
    assert (wrong.status_code, right.status_code, signed.status_code) == (409, 201, 201)
    assert office.stage(code) == "contracted"
    found = chi.get(f"/api/v1/contracts/{signed.json()['id']}").json()
    assert (found["number"], [project["code"] for project in found["projects"]]) == ("06/HĐ", [code])


def test_plan_is_built_and_proposed_by_whoever_saw_it_last(web: Any) -> None:
    office = web.office
    office.bring(office.open(), "cleared")
    binh = acting(web, "binh")
    path = "/api/v1/plans/2024/local/steps"

    built = binh.post(f"{path}/build", json={"seen_version": 0})
    late = binh.post(f"{path}/build", json={"seen_version": 0})
    shown = binh.get("/api/v1/plans/2024/local").json()

    assert (built.status_code, late.status_code) == (200, 409)
    assert (built.json()["lines"], shown["seen_version"]) == (1, built.json()["version"])


def test_reader_with_a_scope_gets_no_sums_of_a_plan(web: Any) -> None:
    office = web.office
    office.bring(office.open(), "cleared")
    acting(web, "binh").post("/api/v1/plans/2024/local/steps/build", json={"seen_version": 0})

    yen = acting(web, "yen").get("/api/v1/plans/2024/local").json()

    assert yen["lines"] == []
    assert {"totals", "carried", "envelope", "targets", "versions", "pending"}.isdisjoint(yen)


def test_file_is_put_on_a_project_and_read_back(web: Any) -> None:
    code, an = web.office.open(), acting(web, "an")
    scan = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
    sent: Any = {"data": {"kind": "dossier", "title": "Hồ sơ"}, "headers": {"idempotency-key": "k1"}}

    put = an.post(f"/api/v1/projects/{code}/papers", files={"file": ("hồ sơ.pdf", scan)}, **sent)
    [row] = an.get(f"/api/v1/projects/{code}/papers").json()["papers"]
    got = an.get(f"/api/v1/projects/{code}/papers/{put.json()['event']}/{row['line']}")

    assert (put.status_code, got.content) == (201, scan)
    assert (
        acting(web, "yen").post(f"/api/v1/projects/{code}/papers", files={"file": ("a.pdf", scan)}, **sent).status_code
        == 409
    )


@pytest.mark.parametrize("name", ["a.exe", "a.pdf"])
def test_file_that_is_not_what_it_says_is_refused(web: Any, name: str) -> None:
    code = web.office.open()

    answer = acting(web, "an").post(
        f"/api/v1/projects/{code}/papers", files={"file": (name, b"MZ\x90")}, data={"kind": "dossier"}
    )

    assert (answer.status_code, web.office.stage(code)) == (409, "draft")


def test_webhook_is_added_with_a_secret_shown_once_and_switched_off(web: Any) -> None:
    giang = acting(web, "giang")
    body = {"name": "Cổng", "url": "https://data.example.vn/x", "topics": ["project"]}

    made = giang.post("/api/v1/webhooks", json=body).json()
    listed = giang.get("/api/v1/webhooks").text
    giang.delete(f"/api/v1/webhooks/{made['id']}")

    assert made["secret"].startswith("whsec_")
    assert made["secret"] not in listed
    [hook] = giang.get("/api/v1/webhooks").json()["webhooks"]
    assert hook["ended_at"] is not None


def test_overview_shows_every_endpoint_and_marks_those_that_are_closed(web: Any) -> None:
    page = web.by("hanh").get("/api/v1").text

    assert page.count("<tr") - 1 > len(endpoints(web))
    assert "vai trò của bạn không gọi được" in page


def test_stranger_is_sent_to_sign_in_before_the_overview(web: Any) -> None:
    assert web.by().get("/api/v1").headers["location"].startswith("/login")


def test_text_with_a_nul_is_not_taken(web: Any) -> None:
    code, an = web.office.open(), acting(web, "an")

    answers = [
        an.get("/api/v1/projects?words=a%00b"),
        an.get("/api/v1/projects/KC%00"),
        an.post(f"/api/v1/projects/{code}/comments", json={"words": "a\0b"}),
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 422]
