"""Papers over the programming interface: what can be written now, each as a file, for those whose step it is."""

from typing import Any

import pytest

from states.scopes import Scope
from tests.web.test_api_access import acting

API = "/api/v1"


@pytest.fixture
def accepted(web: Any) -> str:
    code: str = web.office.bring(web.office.open(), "accepted")
    return code


def number(web: Any, table: str) -> int:
    with web.office.store.read() as session:
        return int(session.connection().exec_driver_sql(f"SELECT max(id) FROM {table}").scalar())


def test_papers_that_can_be_written_now_are_listed_with_their_files(web: Any, accepted: str) -> None:
    an, before = acting(web, "an", Scope.READ), web.office.everything()["event"]

    told = an.get(f"{API}/projects/{accepted}/letters").json()
    [letter] = told["letters"]
    files = {form: an.get(address) for form, address in letter["files"].items()}

    assert (told["stage"], letter["kind"], letter["own_template"]) == ("accepted", "payment_request", False)
    assert {form: (answer.status_code, answer.content[:4]) for form, answer in files.items()} == {
        "docx": (200, b"PK\x03\x04"),
        "pdf": (200, b"%PDF"),
        "pdf-a": (200, b"%PDF"),
    }
    assert b"pdfaid:part" in files["pdf-a"].content
    assert web.office.everything()["event"] == before


def test_contracts_decisions_and_lists_have_their_papers(web: Any, accepted: str) -> None:
    web.office.bring(web.office.open(), "cleared")
    contract, decision = number(web, "contract"), number(web, "decision")
    binh, chi = acting(web, "binh"), acting(web, "chi")
    asked = [
        (chi, f"/contracts/{contract}/letters", "contract"),
        (binh, f"/decisions/{decision}/letters", "approval_decision"),
        (binh, "/plans/2024/local/letters", "proposal_letter"),
    ]

    for program, address, kind in asked:
        letters = {row["kind"]: row for row in program.get(API + address).json()["letters"]}
        answer = program.get(letters[kind]["files"]["docx"])

        assert (address, answer.status_code, answer.content[:2]) == (address, 200, b"PK")


def test_working_papers_are_sent_as_pdf(web: Any) -> None:
    code = web.office.submitted_in_2026()
    binh = acting(web, "binh", Scope.READ)
    asked = (
        f"/projects/{code}/dossier",
        f"/projects/{code}/deadlines/D-CHECK/sheet",
        "/programmes/KC-VL-2021-2025/sheet?archive=true",
    )

    answers = [binh.get(API + address) for address in asked]

    assert [(answer.status_code, answer.headers["content-type"]) for answer in answers] == [
        (200, "application/pdf")
    ] * 3
    assert b"pdfaid:part" in answers[2].content


def test_what_cannot_be_written_is_a_problem_that_says_what_to_do(web: Any) -> None:
    code = web.office.bring(web.office.open(), "submitted")
    binh = acting(web, "binh")

    early, unknown = (
        binh.get(f"{API}/projects/{code}/letters/contract/pdf"),
        binh.get(f"{API}/projects/{code}/letters/giay_phep/pdf"),
    )
    form = binh.get(f"{API}/projects/{code}/letters/contract/odt")

    assert (early.status_code, unknown.status_code, form.status_code) == (404, 404, 422)
    assert early.headers["content-type"] == "application/problem+json"
    assert "hãy ghi quyết định phê duyệt trước" in early.json()["detail"]


@pytest.mark.parametrize("outsider", ["yen", "hanh"])
def test_outsiders_get_no_paper_of_a_project_contract_or_list(web: Any, accepted: str, outsider: str) -> None:
    contract, decision = number(web, "contract"), number(web, "decision")
    addresses = [
        f"/projects/{accepted}/letters",
        f"/projects/{accepted}/letters/payment_request/pdf",
        f"/projects/{accepted}/dossier",
        f"/contracts/{contract}/letters",
        f"/contracts/{contract}/letters/payment_request/pdf",
        f"/decisions/{decision}/letters",
        f"/decisions/{decision}/letters/approval_decision/pdf",
        "/plans/2024/local/letters/approval_decision/pdf",
        "/programmes/KC-VL-2021-2025/sheet",
    ]
    program = acting(web, outsider)

    answers = [program.get(API + address) for address in addresses]

    assert [answer.status_code for answer in answers if answer.status_code not in (403, 404)] == []
    assert [answer for answer in answers if "đóng gói" in answer.text] == []
