"""A file that came with a refused form waits for the next sending: nobody has to choose it twice."""

import hashlib
from datetime import timedelta
from typing import Any

from flows.jobs.waiting import KEPT
from tests.web.reading import read

PDF = b"%PDF-1.4 to trinh"
DIGEST = hashlib.sha256(PDF).hexdigest()
FILE = {"paper_file": ("đề án.pdf", PDF, "application/pdf")}


def papers(web: Any, code: str) -> list[bytes]:
    return [path.read_bytes() for path in web.office.store.files.rglob("*") if path.is_file()]


def refused(browser: Any, code: str) -> dict[str, Any]:
    """Send a paper without saying what it is; answers what the page would send then."""
    answer = browser.post(f"/projects/{code}/papers", data={"paper_kind": ""}, files=FILE)
    assert answer.status_code == 409
    filled: dict[str, Any] = read(answer.text).form(f"/projects/{code}/papers").filled(paper_kind="dossier")
    return {name: value for name, value in filled.items() if name != "paper_file"}


def test_file_of_a_refused_form_comes_again_by_itself(web: Any) -> None:
    code = web.office.open()
    browser = web.by("an")

    again = refused(browser, code)
    done = browser.post(f"/projects/{code}/papers", data=again)

    assert (again["held-paper_file"], again["held_name-paper_file"]) == ([DIGEST], ["đề án.pdf"])
    assert (done.status_code, papers(web, code)) == (303, [PDF])
    assert "đề án.pdf" in read(browser.get(f"/projects/{code}").text).links


def test_another_file_takes_the_place_of_the_one_that_waits(web: Any) -> None:
    code = web.office.open()
    browser = web.by("an")

    again = refused(browser, code)
    done = browser.post(f"/projects/{code}/papers", data=again, files={"paper_file": ("moi.pdf", PDF + b"2")})

    assert (done.status_code, papers(web, code)) == (303, [PDF + b"2"])


def test_file_that_waits_can_be_dropped(web: Any) -> None:
    code = web.office.open()
    browser = web.by("an")

    again = refused(browser, code)
    answer = browser.post(f"/projects/{code}/papers", data=again | {"drop-paper_file": "1"})

    assert (answer.status_code, papers(web, code)) == (409, [])
    assert "Hãy chọn tệp, hoặc đánh dấu là có bản giấy." in answer.text
    assert "held-paper_file" not in answer.text


def test_nobody_takes_what_waits_for_another_person(web: Any) -> None:
    code = web.office.open()

    again = refused(web.by("an"), code)
    answer = web.by("binh").post(f"/projects/{code}/papers", data=again)

    assert (answer.status_code, papers(web, code)) == (409, [])
    assert "Tệp đã gửi không còn ở đây (giữ một ngày); hãy chọn và gửi lại tệp." in answer.text


def test_hash_of_no_file_leads_nowhere(web: Any) -> None:
    code = web.office.open()

    for digest in ("../../dean.db", "0" * 64, "x"):
        sent = {"paper_kind": "dossier", "held-paper_file": digest, "held_name-paper_file": "a.pdf"}
        answer = web.by("an").post(f"/projects/{code}/papers", data=sent)
        assert (answer.status_code, papers(web, code)) == (409, [])


def test_files_wait_a_day(web: Any) -> None:
    code = web.office.open()
    refused(web.by("an"), code)
    web.office.at += KEPT + timedelta(minutes=1)

    browser = web.by("an")
    browser.post(f"/projects/{code}/papers", data={"paper_kind": ""}, files={"paper_file": ("b.pdf", PDF + b"b")})
    lost = {"paper_kind": "dossier", "held-paper_file": DIGEST, "held_name-paper_file": "a.pdf"}
    answer = browser.post(f"/projects/{code}/papers", data=lost)

    assert (answer.status_code, papers(web, code)) == (409, [])


def test_file_that_cannot_be_a_paper_does_not_wait(web: Any) -> None:
    code = web.office.open()

    answer = web.by("an").post(
        f"/projects/{code}/papers", data={"paper_kind": "dossier"}, files={"paper_file": ("a.pdf", b"MZ virus")}
    )

    assert answer.status_code == 409
    assert "held-paper_file" not in answer.text
