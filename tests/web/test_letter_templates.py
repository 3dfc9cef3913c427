"""Templates of papers on the desk: whose each is, a file of the office put in its place by an administrator only."""

import io
from typing import Any

import pytest
from docx import Document

from flows.jobs.papers.letters.kinds import LETTER_KINDS
from models.letter_templates import recorded_templates
from states.scopes import Scope
from states.vocabulary import Stage
from tests.web.reading import read
from tests.web.test_api_access import acting
from web import words
from web.pages.rules_templates import needs_on_page

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PLACE = "/rules/templates/proposal_letter"


def template(*paragraphs: str) -> bytes:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


OWN, BETTER = template("Mẫu của Sở: {{ total.support_words }}"), template("Mẫu mới: {{ total.support_words }}")


def sent(browser: Any, content: bytes, name: str = "to-trinh.docx") -> Any:
    return browser.post(PLACE, files={"file": (name, content, WORD)})


def in_use(web: Any) -> bytes:
    content: bytes = web.by("binh").get(f"{PLACE}/file").content
    return content


def kept(web: Any) -> tuple[Any, list[str]]:
    """Every row but those of sessions, and every file beside the register."""
    rows = {name: rows for name, rows in web.office.everything().items() if name not in ("web_session", "denial")}
    home = web.office.store.files.parent
    folders = (home / "templates", home / "files")
    return rows, sorted(str(path) for folder in folders for path in folder.rglob("*") if path.is_file())


def test_every_kind_is_listed_with_whose_template_it_has(web: Any) -> None:
    giang = web.by("giang")
    sent(giang, OWN)

    [table] = read(giang.get("/rules/templates").text).tables

    whose = {row[0]: row[1] for row in table[1:]}
    assert len(whose) == 9
    assert whose["Tờ trình phê duyệt danh mục đề án"] == "mẫu của cơ quan"
    assert whose["Hợp đồng thực hiện đề án"] == "mẫu của phần mềm"


def test_a_template_of_the_office_is_used_recorded_and_taken_back(web: Any) -> None:
    code = web.office.bring(web.office.open(), Stage.CLEARED)
    giang = web.by("giang")
    ours = in_use(web)

    answer = sent(giang, OWN)

    assert (answer.status_code, answer.headers["location"], in_use(web)) == (303, PLACE, OWN)
    letter = web.by("binh").get(f"/projects/{code}/letters/proposal_letter/docx")
    assert Document(io.BytesIO(letter.content)).paragraphs[0].text == "Mẫu của Sở: Ba trăm triệu đồng"
    assert "Bùi Trường Giang" in read(giang.get(PLACE).text).text
    assert sent(giang, BETTER).status_code == 303
    back = giang.post(f"{PLACE}/default")
    assert (back.status_code, in_use(web)) == (303, ours)
    with web.office.store.read() as session:
        assert recorded_templates(session)["proposal_letter"]["sha256"] == ""
    assert "Mẫu văn bản" in web.by("em").get("/log?kind=letter_template").text
    web.office.prove()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (template("{{ tong }}", "{{ total.suport }}"), "Không có trường «total.suport»"),
        (template("{% if x %}"), "«{% if x %}»"),
        (b"%PDF-1.7", "bị hỏng, không mở được"),
        (b"PK" + bytes(10 * 2**20), "10 MB"),
    ],
    ids=["unknown fields", "broken tag", "no document", "too large"],
)
def test_a_file_that_cannot_be_used_is_refused_with_all_of_it_and_nothing_is_written(
    web: Any, content: bytes, reason: str
) -> None:
    giang = web.by("giang")
    sent(giang, OWN)
    before = kept(web)

    answer = sent(giang, content)

    assert answer.status_code == 409
    assert reason in read(answer.text).text
    assert (kept(web), in_use(web)) == (before, OWN)


def test_what_each_kind_needs_is_said_in_both_languages() -> None:
    assert [kind for kind, known in LETTER_KINDS.items() if needs_on_page(known.needs) not in words.english()] == []


def test_nothing_changes_twice(web: Any) -> None:
    giang = web.by("giang")

    never = giang.post(f"{PLACE}/default")
    first, again = sent(giang, OWN), sent(giang, OWN)

    assert [answer.status_code for answer in (never, first, again)] == [409, 303, 409]
    assert "đang là mẫu của cơ quan rồi" in read(again.text).text


def test_a_file_lost_from_its_folder_is_put_back_without_a_second_entry(web: Any) -> None:
    giang = web.by("giang")
    sent(giang, OWN)
    (web.office.store.files.parent / "templates" / "proposal_letter.docx").unlink()
    before = web.office.everything()["event"]

    answer = sent(giang, OWN)

    assert (answer.status_code, in_use(web)) == (303, OWN)
    assert web.office.everything()["event"] == before


def test_a_file_copied_into_the_folder_is_told_apart(web: Any) -> None:
    folder = web.office.store.files.parent / "templates"
    folder.mkdir()
    (folder / "proposal_letter.docx").write_bytes(OWN)

    told = read(web.by("an").get(PLACE).text)

    assert "chép thẳng vào thư mục mẫu, không qua sổ" in told.text
    assert [form.action for form in told.forms if form.action.startswith("/rules/templates")] == []
    assert web.by("giang").post(f"{PLACE}/default").status_code == 303


@pytest.mark.parametrize("person", ["an", "binh", "chi", "dung", "em", "hanh", "yen"])
def test_only_an_administrator_changes_templates(web: Any, person: str) -> None:
    browser, before = web.by(person), kept(web)

    answers = [sent(browser, OWN), browser.post(f"{PLACE}/default"), browser.get("/rules/templates")]

    assert [answer.status_code for answer in answers] == [403, 403, 200]
    assert kept(web) == before


def test_an_unknown_kind_is_a_page_that_says_so(web: Any) -> None:
    browser = web.by("giang")

    assert browser.get("/rules/templates/giay_phep").status_code == 404
    assert browser.get("/rules/templates/giay_phep/file").status_code == 404
    assert browser.post("/rules/templates/giay_phep", files={"file": ("a.docx", OWN)}).status_code in (404, 409)


def test_a_program_sets_a_template_once_with_a_token_for_it(web: Any) -> None:
    giang, place = acting(web, "giang", Scope.ADMINISTRATION), "/api/v1/templates/proposal_letter"
    reading = acting(web, "giang", Scope.READ)
    wrong = giang.put(place, files={"file": ("a.docx", template("{{ tong }}"))})
    before = kept(web)[1]

    set_ = giang.put(place, files={"file": ("a.docx", OWN)})
    whose = {row["kind"]: row["own"] for row in reading.get("/api/v1/templates").json()["templates"]}
    back = giang.delete(place)

    assert (wrong.status_code, before) == (409, [])
    assert "Không có trường «tong»" in wrong.json()["detail"]
    assert (set_.json()["own"], set_.json()["recorded"]["recorded_by_name"]) == (True, "Bùi Trường Giang")
    assert [kind for kind, own in whose.items() if own] == ["proposal_letter"]
    assert (back.json()["own"], back.json()["recorded"]["sha256"]) == (False, "")
    assert [program.delete(place).status_code for program in (reading, acting(web, "binh"))] == [403, 403]
