"""Registers that come in over the programming interface: previewed, marked, confirmed once, and handed out again."""

import io
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest

from documents.reading import LARGEST_WORKBOOK
from models.loading import load_person
from models.projects import amend
from models.queries import show_project
from states.scopes import Scope
from tests.web.test_api_access import acting
from tests.web.test_project_import import BAD, GOOD, book, projects
from tests.web.test_project_import_old import GOOD as OLD_ROW
from tests.web.test_project_import_old import book as old_book

PREVIEW, IMPORTS = "/api/v1/imports/preview", "/api/v1/imports"
#: How an encrypted workbook begins: an OLE file that names its encrypted part.
ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016) + "EncryptedPackage".encode("utf-16-le") + bytes(1000)


def previewed(program: Any, content: bytes, name: str = "sổ đề án.xlsx", **said: Any) -> Any:
    return program.post(PREVIEW, files={"file": (name, content)}, data=said)


def kept(web: Any) -> dict[str, Any]:
    """Every row that an import could touch; a token says when it was used."""
    return {name: rows for name, rows in web.office.everything().items() if name != "api_token"}


def test_a_preview_tells_rows_and_faulty_cells_and_writes_nothing(web: Any) -> None:
    an, before = acting(web, "an"), kept(web)

    answer = previewed(an, book(GOOD, BAD))

    told = answer.json()
    assert (answer.status_code, told["programme"], told["may_confirm"]) == (200, "KC-VL-2021-2025", False)
    assert [(row["row"], row["outcome"], row["name"]) for row in told["rows"]] == [
        (4, "new", "Hỗ trợ máy sấy lúa"),
        (5, "wrong", "Hỗ trợ máy xát"),
    ]
    assert [error["cell"] for error in told["rows"][1]["errors"]] == ["G5"]
    assert kept(web) == before


def test_confirming_takes_the_previewed_bytes_once_for_a_key(web: Any) -> None:
    an = acting(web, "an")
    sha256 = previewed(an, book(GOOD)).json()["sha256"]
    body, key = {"sha256": sha256, "file_name": "sổ đề án.xlsx"}, {"idempotency-key": "k1"}

    first, again = an.post(IMPORTS, json=body, headers=key), an.post(IMPORTS, json=body, headers=key)
    later = an.post(IMPORTS, json=body)

    assert (first.status_code, first.json()["opened"]) == (200, ["KC-VL-2024-001"])
    assert (again.json(), again.headers["idempotency-replayed"]) == (first.json(), "true")
    assert (later.json()["import"], later.json()["opened"], later.json()["unchanged"]) == (None, [], 1)
    assert projects(web) == 1
    web.office.prove()


def test_a_faulty_file_is_refused_by_cell_and_comes_back_marked(web: Any) -> None:
    an = acting(web, "an")
    sha256, before = previewed(an, book(GOOD, BAD)).json()["sha256"], kept(web)

    refused = an.post(IMPORTS, json={"sha256": sha256, "file_name": "sổ.xlsx"})
    marked = an.get(f"{IMPORTS}/{sha256}/marked", params={"file_name": "sổ.xlsx"})

    assert (refused.status_code, refused.headers["content-type"]) == (409, "application/problem+json")
    assert refused.json()["reasons"][0].startswith("G5: Số tiền “khoảng 500tr”")
    cell = openpyxl.load_workbook(io.BytesIO(marked.content))["Sheet"]["G5"]
    assert (cell.fill.start_color.rgb, cell.comment.text[:7]) == ("FFFFC7CE", "Số tiền")
    assert kept(web) == before


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"%PDF-1.7", "a.pdf", "không phải bảng tính"),
        (ENCRYPTED, "a.xlsx", "mật khẩu"),
        (b"PK\x03\x04" + bytes(LARGEST_WORKBOOK), "a.xlsx", "10 MB"),
        (b"PK\x03\x04 broken", "a.xlsx", "hãy"),
    ],
    ids=["wrong type", "encrypted", "too large", "broken"],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(web: Any, content: bytes, name: str, reason: str) -> None:
    an, before = acting(web, "an"), kept(web)

    answer = previewed(an, content, name)

    assert (answer.status_code, answer.json()["type"]) == (409, "/api/v1/problems/refused")
    assert reason in answer.json()["detail"]
    assert kept(web) == before
    waiting = web.office.store.files.parent / "waiting"
    assert list(waiting.iterdir() if waiting.exists() else ()) == []


def test_nobody_takes_up_what_another_person_previewed(web: Any) -> None:
    sha256 = previewed(acting(web, "an"), book(GOOD)).json()["sha256"]
    binh = acting(web, "binh")

    taken = binh.post(IMPORTS, json={"sha256": sha256, "file_name": "a.xlsx"})
    marked = binh.get(f"{IMPORTS}/{sha256}/marked", params={"file_name": "a.xlsx"})

    assert (taken.status_code, marked.status_code, projects(web)) == (409, 404, 0)


@pytest.mark.parametrize("sha256", ["", "../../etc/passwd", "A" * 64])
def test_a_hash_of_another_kind_is_not_read(web: Any, sha256: str) -> None:
    answer = acting(web, "an").post(IMPORTS, json={"sha256": sha256, "file_name": "a.xlsx"})

    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("person", "scopes"), [("an", (Scope.READ, Scope.PLAN)), *((who, ()) for who in ("chi", "dung", "em", "hanh"))]
)
def test_only_who_opens_projects_imports_with_a_token_for_steps(
    web: Any, person: str, scopes: tuple[Scope, ...]
) -> None:
    program = acting(web, person, *scopes)

    answers = [previewed(program, book(GOOD)), program.post(IMPORTS, json={})]

    assert [answer.status_code for answer in answers] == [403, 403]


@pytest.mark.parametrize(("side", "partner"), [("ours", "Hội Phụ nữ"), ("theirs", "Đoàn Thanh niên")])
def test_a_workbook_goes_out_and_comes_back_cell_by_cell(web: Any, side: str, partner: str) -> None:
    office, an = web.office, acting(web, "an")
    code = office.open(name="Máy sấy", partner="Hội Nông dân")
    handed_out = an.get("/api/v1/exports/commune?unit=ttkc").content
    untouched = previewed(an, handed_out).json()
    made = openpyxl.load_workbook(io.BytesIO(handed_out))
    made["Đề án"]["I5"] = "Đoàn Thanh niên"
    written = io.BytesIO()
    made.save(written)
    with office.store.write() as session:
        amend(session, code, {"partner": "Hội Phụ nữ"}, by=load_person(session, "an"), origin=office.origin)

    told = previewed(an, written.getvalue()).json()
    body = {"sha256": told["sha256"], "file_name": "a.xlsx"}
    unchosen = an.post(IMPORTS, json=body)
    chosen = an.post(IMPORTS, json=body | {"choices": {"I5": side}})

    assert {row["outcome"] for row in untouched["rows"]} == {"same"}
    [conflict] = told["conflicts"]
    assert (conflict["cell"], conflict["now"], conflict["theirs"]) == ("I5", "Hội Phụ nữ", "Đoàn Thanh niên")
    assert (unchosen.status_code, chosen.status_code) == (409, 200)
    with office.store.read() as session:
        assert show_project(session, code)["partner"] == partner


@pytest.mark.parametrize("outsider", ["hanh", "yen"])
def test_an_outsider_gets_no_workbook_of_others(web: Any, outsider: str) -> None:
    web.office.open(name="Hỗ trợ máy bí mật Zeta")

    answers = [
        acting(web, outsider).get("/api/v1/exports/commune?unit=ttkc"),
        web.by(outsider).get("/exports/commune?unit=ttkc"),
    ]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert "Không có đề án nào để đưa vào bảng" in answers[0].json()["detail"]


def test_an_old_register_comes_in_with_who_vouches_for_it(web: Any) -> None:
    binh = acting(web, "binh")
    content, programme = old_book(OLD_ROW), {"programme": "KC-VL-2021-2025"}
    said = {"vouched_by": "chi", "basis": "Sổ theo dõi 2021-2025", **programme}

    silent = previewed(binh, content, vouched_by="chi", **programme)
    told = previewed(binh, content, **said).json()
    done = binh.post(IMPORTS, json={"sha256": told["sha256"], "file_name": "so-cu.xlsx", **said})

    assert (silent.status_code, told["vouched_by"], told["may_confirm"]) == (409, "chi", True)
    assert (done.status_code, done.json()["unchanged"]) == (200, 0)
    [code] = done.json()["opened"]
    sheet = binh.get(f"/api/v1/projects/{code}").json()
    assert (sheet["stage"], sheet["vouched"]["by"], sheet["vouched"]["basis"]) == ("settled", "chi", said["basis"])
    web.office.prove()


def test_a_correction_of_what_was_handed_in_needs_its_reason(web: Any) -> None:
    code = web.office.bring(web.office.open(name="Hỗ trợ máy ép"), "submitted")
    binh = acting(web, "binh")
    made, written = openpyxl.Workbook(), io.BytesIO()
    for row in (("DANH MỤC NĂM 2024",), ("Mã đề án", "Tên đề án"), (code, "Hỗ trợ máy ép dầu")):
        made.active.append(row)
    made.save(written)
    told = previewed(binh, written.getvalue()).json()
    body = {"sha256": told["sha256"], "file_name": "sổ.xlsx"}

    silent, said = binh.post(IMPORTS, json=body), binh.post(IMPORTS, json=body | {"note": "Ghi nhầm tên"})

    assert told["corrected"] == [code]
    assert (silent.status_code, said.status_code) == (409, 200)
    assert binh.get(f"/api/v1/projects/{code}").json()["name"] == "Hỗ trợ máy ép dầu"
