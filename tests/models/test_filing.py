"""Uploaded files against the papers that name them."""

from pathlib import Path
from typing import Any

import pytest

from models.store import file_path, keep_file
from models.verify import verify
from states.facts import Enclosure
from states.vocabulary import Paper, Stage

CONTENT = b"%PDF-1.7 Bien ban tham dinh"


@pytest.fixture
def paper(office: Any) -> Path:
    """The file of one paper of the register."""
    code = office.bring(office.open(), Stage.APPRAISING)
    digest = keep_file(office.store.files, CONTENT)
    minutes = Enclosure(Paper.APPRAISAL_MINUTES, sha256=digest, size=len(CONTENT), file_name="bien-ban.pdf")
    office.step(code, "pass_appraisal", "chi", number="03/BB-SCT", signer="Lê Minh Chi", papers=(minutes,))
    return file_path(office.store.files, digest)


def what(office: Any) -> list[tuple[str, str]]:
    return [(problem.table, problem.what) for problem in verify(office.store).problems]


def test_kept_file_is_no_problem(office: Any, paper: Path) -> None:
    assert paper.read_bytes() == CONTENT
    assert what(office) == []


def test_one_file_may_serve_two_papers(office: Any, paper: Path) -> None:
    code = office.bring(office.open(), Stage.APPRAISING)
    again = Enclosure(Paper.APPRAISAL_MINUTES, sha256=paper.name, size=len(CONTENT))
    office.step(code, "pass_appraisal", "chi", number="04/BB-SCT", signer="Lê Minh Chi", papers=(again,))

    paper.unlink()

    assert [sentence for _, sentence in what(office)] == [f"thiếu tệp {paper.name}; hãy lấy lại từ bản sao lưu."] * 2


def test_lost_file_is_found(office: Any, paper: Path) -> None:
    paper.unlink()

    assert what(office) == [("paper", f"thiếu tệp {paper.name}; hãy lấy lại từ bản sao lưu.")]


def test_changed_file_is_found(office: Any, paper: Path) -> None:
    paper.write_bytes(CONTENT.replace(b"tham", b"Tham"))

    sentence = f"tệp {paper.name} không còn là nội dung đã nộp; hãy lấy lại từ bản sao lưu."
    assert what(office) == [("paper", sentence)]


def test_paper_entered_with_a_wrong_size_is_found(office: Any, paper: Path) -> None:
    code = office.bring(office.open(), Stage.APPRAISING)
    wrong = Enclosure(Paper.APPRAISAL_MINUTES, sha256=paper.name, size=1)
    office.step(code, "pass_appraisal", "chi", number="04/BB-SCT", signer="Lê Minh Chi", papers=(wrong,))

    assert what(office) == [("paper", f"tệp {paper.name} dài {len(CONTENT)} byte, cột size ghi 1 byte.")]


def test_paper_entered_with_no_digest_is_found_and_no_other_file_is_read(office: Any, paper: Path) -> None:
    code = office.bring(office.open(), Stage.APPRAISING)
    wrong = Enclosure(Paper.APPRAISAL_MINUTES, sha256="../../dean.db", size=1)
    office.step(code, "pass_appraisal", "chi", number="04/BB-SCT", signer="Lê Minh Chi", papers=(wrong,))

    assert what(office) == [("paper", "cột sha256 không phải mã băm của tệp nào; cột này đã bị sửa.")]


def test_folder_in_place_of_a_file_is_found(office: Any, paper: Path) -> None:
    paper.unlink()
    paper.mkdir()

    assert [sentence.split(" (")[0] for _, sentence in what(office)] == [f"không đọc được tệp {paper.name}"]


def test_file_of_no_paper_is_found(office: Any, paper: Path) -> None:
    strange = file_path(office.store.files, keep_file(office.store.files, b"chua co dong nao"))

    [problem] = verify(office.store).problems

    assert (problem.table, problem.key) == ("files", f"{strange.parent.name}/{strange.name}")
    assert problem.what.startswith("tệp không thuộc tài liệu nào trong sổ")


def test_file_in_the_wrong_folder_is_found(office: Any, paper: Path) -> None:
    copy = office.store.files / "zz" / paper.name
    copy.parent.mkdir()
    copy.write_bytes(CONTENT)

    assert [problem.key for problem in verify(office.store).problems] == [f"zz/{paper.name}"]


def test_upload_that_broke_off_is_found(office: Any, paper: Path) -> None:
    paper.with_suffix(".4711.part").write_bytes(CONTENT[:9])

    [problem] = verify(office.store).problems

    assert (problem.table, problem.key) == ("files", f"{paper.parent.name}/{paper.name}.4711.part")
    assert problem.what == "tệp tải lên dở dang; nếu không ai đang tải lên, hãy xóa tệp này."
