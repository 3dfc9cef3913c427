"""Papers from the pages: files for who records the step, refusals as pages, nothing of what a person may not see."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from tests.web.reading import read

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def accepted(web: Any) -> str:
    code: str = web.office.bring(web.office.open(), "accepted")
    return code


def text_of(answer: Any) -> str:
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return "".join("".join(page.extract_text() for page in pages).split())


@pytest.mark.parametrize(
    ("form", "media_type", "begins"),
    [("docx", WORD, b"PK"), ("pdf", "application/pdf", b"%PDF"), ("pdf-a", "application/pdf", b"%PDF")],
)
def test_a_paper_is_sent_as_a_file_and_records_nothing(
    web: Any, accepted: str, form: str, media_type: str, begins: bytes
) -> None:
    browser = web.by("an")
    before = web.office.everything()["event"]

    answer = browser.get(f"/projects/{accepted}/letters/payment_request/{form}")

    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
    assert answer.content[: len(begins)] == begins
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''payment-request_")
    assert web.office.everything()["event"] == before


def test_the_project_page_offers_what_the_person_may_write_now(web: Any, accepted: str) -> None:
    def offered(who: str) -> set[str]:
        addresses = read(web.by(who).get(f"/projects/{accepted}").text).addresses
        found = {address for address in addresses if "/letters/" in address}
        return {path.rsplit("/", 2)[1] for path in found}

    assert offered("an") == {"payment_request"}
    assert offered("binh") == {"payment_request", "acceptance_minutes", "reminder_letter"}
    assert offered("em") == set()


def test_what_is_too_early_is_a_page_that_says_what_to_do(web: Any) -> None:
    code = web.office.bring(web.office.open(), "submitted")

    answer = web.by("binh").get(f"/projects/{code}/letters/contract/pdf")

    assert answer.status_code == 404
    assert "hãy ghi quyết định phê duyệt trước" in answer.text
    assert web.by("binh").get(f"/projects/{code}/letters/giay_phep/pdf").status_code == 404


def test_outsiders_get_no_paper_of_a_project_contract_or_list(web: Any, accepted: str) -> None:
    with web.office.store.read() as session:
        contract = session.connection().exec_driver_sql("SELECT max(id) FROM contract").scalar()
        decision = session.connection().exec_driver_sql("SELECT max(id) FROM decision").scalar()
    own = [
        f"/projects/{accepted}/letters/payment_request/pdf",
        f"/contracts/{contract}/letters/payment_request/pdf",
        f"/projects/{accepted}/dossier",
    ]
    lists = [
        f"/approvals/decisions/{decision}/letters/approval_decision/pdf",
        "/plans/2024/local/letters/approval_decision/pdf",
        "/programme/KC-VL-2021-2025/sheet",
    ]

    assert [web.by("an").get(path).status_code for path in own] == [200, 200, 200]
    for outsider in ("yen", "hanh"):
        seen = [web.by(outsider).get(path) for path in own + lists]
        assert [answer.status_code for answer in seen if answer.status_code not in (403, 404)] == []
        assert [answer for answer in seen if "đóng gói" in answer.text] == []


def test_a_decision_on_record_is_written_again_with_its_lines(web: Any) -> None:
    code = web.office.bring(web.office.open(), "cleared")
    decided = web.office.approve(code)

    answer = web.by("chi").get(f"/approvals/decisions/{decided.decision_id}/letters/approval_decision/pdf")

    told = text_of(answer)
    assert (code in told, "300.000.000" in told, "Batrămtriệuđồng" in told) == (True, True, True)


def test_working_papers_are_sent_as_pdf(web: Any) -> None:
    code = web.office.submitted_in_2026()
    browser = web.by("binh")

    dossier, sheet = browser.get(f"/projects/{code}/dossier"), browser.get(f"/projects/{code}/deadlines/D-CHECK/sheet")
    report = browser.get("/programme/KC-VL-2021-2025/sheet?archive=1")

    assert f"Hồsơđềán{code}" in text_of(dossier)
    assert "10/03/2026" in text_of(sheet)
    assert b"pdfaid:part" in report.content
    page = read(browser.get(f"/projects/{code}/deadlines/D-CHECK").text)
    assert f"/projects/{code}/deadlines/D-CHECK/sheet" in page.addresses


def test_names_that_nobody_checked_are_told_beside_the_papers(web: Any) -> None:
    local = web.office.bring(web.office.open(), "approved")
    national = web.office.bring(web.office.open(route="national"), "approved")
    chi = web.by("chi")
    warning = "Chưa kiểm chứng, hãy đối chiếu trước khi ký: Cục Công Thương địa phương."

    told = [warning in read(chi.get(f"/projects/{code}").text).text for code in (local, national)]
    auditor = read(web.by("em").get(f"/projects/{national}").text).text

    assert (told, "hãy đối chiếu trước khi ký" in auditor) == ([False, True], False)


def test_a_plan_offers_only_the_papers_that_apply(web: Any) -> None:
    web.office.bring(web.office.open(), "cleared")
    binh = web.by("binh")

    waiting = read(binh.get("/plans/2024/local").text).addresses
    nothing = read(binh.get("/plans/2024/national").text).addresses

    assert {path.rsplit("/", 2)[1] for path in waiting if "/letters/" in path} == {
        "proposal_letter",
        "approval_decision",
    }
    assert [path for path in nothing if "/letters/" in path] == []
