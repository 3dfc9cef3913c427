"""`dean paper` and `dean template`: files on disk, refusals with exit code 1, the office's own templates."""

from pathlib import Path
from typing import Any

from docx import Document


def test_a_paper_is_written_into_the_folder_and_never_over_another(office: Any, dean: Any) -> None:
    code = office.bring(office.open(), "cleared")
    events = dean.events()

    written = dean("paper", "proposal-letter", code.lower())
    again = dean("paper", "proposal_letter", code)
    forced = dean("paper", "proposal_letter", code, "--force")

    assert (written.code, again.code, forced.code) == (0, 1, 0)
    [path] = dean.home.glob("proposal-letter_*.docx")
    assert path.read_bytes()[:2] == b"PK"
    assert "--force" in again.err
    assert dean.events() == events


def test_each_form_and_each_working_paper_is_made(office: Any, dean: Any) -> None:
    code = office.bring(office.open(), "cleared")
    out = dean.home / "ra"
    out.mkdir()

    asked = [
        ("approval_decision", "2024/local", "--docx"),
        ("approval_decision", "2024/local", "--pdf"),
        ("approval_decision", "2024/local", "--pdf-a"),
        ("dossier", code),
        ("proof", code, "--clock", "d-check"),
        ("programme-report",),
    ]
    answers = [dean("paper", *words, "--output", str(out)) for words in asked]

    assert [answer.code for answer in answers] == [0] * len(asked)
    assert sorted(path.suffix for path in out.iterdir()) == [".docx", *[".pdf"] * 5]


def test_a_paper_that_is_too_early_is_refused_with_a_sentence_and_leaves_no_file(office: Any, dean: Any) -> None:
    code = office.open()

    answer = dean("paper", "contract", code)

    assert answer.code == 1
    assert "hãy ghi quyết định phê duyệt trước" in answer.err
    assert list(dean.home.glob("contract*")) == []


def test_a_person_without_the_role_is_refused(office: Any, dean: Any) -> None:
    code = office.bring(office.open(), "cleared")

    refused, made = (
        dean("paper", "proposal_letter", code, "--by", "hanh"),
        dean("paper", "proposal_letter", code, "--by", "binh"),
    )

    assert (refused.code, made.code) == (1, 0)
    assert "soạn; hãy nhờ người có vai trò đó" in refused.err


def test_unknown_kinds_and_two_forms_are_told(office: Any, dean: Any) -> None:
    code = office.open()

    assert dean("paper", "giay_phep", code).code == 1
    assert dean("paper", "contract", code, "--pdf", "--docx").code == 2
    assert dean("paper", "contract").code == 2
    assert dean("paper", "contract", code, "--clock", "D-CHECK").code == 2


def test_the_shipped_template_is_exported_and_wins_from_its_folder(office: Any, dean: Any) -> None:
    code = office.bring(office.open(), "cleared")
    folder = dean.home / "templates"
    folder.mkdir()

    exported = dean("template", "export", "proposal_letter", "--output", str(folder))

    assert exported.code == 0
    assert dean("template", "check").code == 0
    owns = {row["kind"]: row["own"] for row in dean("template", "list", "--json").json}
    assert [kind for kind, own in owns.items() if own] == ["proposal_letter"]
    assert "của đơn vị" in dean("template", "list").out
    told = dean("paper", "proposal_letter", code, "--pdf")
    assert (told.code, "mẫu riêng của đơn vị chỉ dùng cho bản Word" in told.err) == (0, True)


def test_a_wrong_template_is_told_by_check_and_refused_in_use(office: Any, dean: Any) -> None:
    code = office.bring(office.open(), "cleared")
    _own(dean.home, "proposal_letter", "{{ tong_tien }}")

    checked, used = dean("template", "check", "proposal_letter"), dean("paper", "proposal_letter", code)

    assert (checked.code, used.code) == (1, 1)
    assert "Không có trường «tong_tien»" in checked.out
    assert "Không có trường «tong_tien»" in used.err
    [row] = dean("template", "check", "proposal_letter", "--json").json
    assert (row["own"], row["ok"]) == (True, False)


def test_a_template_under_a_name_of_no_kind_is_named(office: Any, dean: Any) -> None:
    (dean.home / "templates").mkdir()
    for name in ("hopdong.docx", "Biên bản nghiệm thu.docx", "contracts.docx", "mau.docx", "~$contract.docx"):
        (dean.home / "templates" / name).write_bytes(b"")
    unused = "không mang tên loại văn bản nào nên không được dùng; hãy đổi tên thành"

    checked, listed = dean("template", "check"), dean("template", "list")
    one = dean("template", "check", "contract")

    told = [
        f"Tệp “Biên bản nghiệm thu.docx” {unused} acceptance_minutes.docx.",
        f"Tệp “contracts.docx” {unused} contract.docx.",
        f"Tệp “hopdong.docx” {unused} contract.docx.",
        f"Tệp “mau.docx” {unused} LOẠI.docx (các loại: dean template list).",
    ]
    assert [line for line in checked.err.splitlines() if line.startswith("Tệp ")] == told
    assert [line for line in listed.err.splitlines() if line.startswith("Tệp ")] == told
    assert (checked.code, listed.code, one.code) == (1, 0, 0)


def test_a_template_with_macros_by_its_name_is_told(office: Any, dean: Any) -> None:
    (dean.home / "templates").mkdir()
    (dean.home / "templates" / "contract.docm").write_bytes(b"PK")

    answer = dean("template", "check", "contract")

    assert answer.code == 1
    assert "bỏ macro và lưu lại là contract.docx" in answer.out


def test_the_fields_of_a_kind_are_listed(dean: Any) -> None:
    answer = dean("template", "fields", "contract", "--json")

    assert answer.json["contract.party_a"] == "Bên A"
    assert "projects[].support_words" in answer.json


def _own(home: Path, kind: str, text: str) -> None:
    document = Document()
    document.add_paragraph(text)
    (home / "templates").mkdir()
    document.save(str(home / "templates" / f"{kind}.docx"))


def test_an_administrator_sets_a_checked_template_and_goes_back(office: Any, dean: Any) -> None:
    wrong, right = dean.home / "sai.docx", dean.home / "to-trinh.docx"
    for path, text in ((wrong, "{{ tong }}"), (right, "Mẫu của Sở: {{ total.support_words }}")):
        document = Document()
        document.add_paragraph(text)
        document.save(str(path))
    use = ("template", "use", "proposal_letter")
    before = dean.events()

    refused = [dean(*use, str(wrong), "--by", "giang"), dean(*use, str(right), "--by", "binh")]
    nothing = (dean.events(), dean.kept_files())
    used = dean(*use, str(right), "--by", "giang")
    owns = {row["kind"]: row["own"] for row in dean("template", "list", "--json").json}
    back = dean("template", "default", "proposal_letter", "--by", "giang")

    assert [answer.code for answer in refused] == [1, 1]
    assert "Không có trường «tong»" in refused[0].err
    assert nothing == (before, [])
    assert (used.code, owns["proposal_letter"], back.code) == (0, True, 0)
    assert not (dean.home / "templates" / "proposal_letter.docx").exists()
    assert dean.events() == before + 2
    assert dean("verify").code == 0
