"""Bad input: a Vietnamese sentence that names what to do, exit code 1 (2 for wrong usage), and nothing changed."""

import unicodedata
from typing import Any

import pytest

CODE = "KC-VL-2024-001"
HUGE = str(2**63)


def _add(**changes: str) -> tuple[str, ...]:
    typed = {
        "by": "an",
        "name": "Hỗ trợ máy",
        "route": "local",
        "year": "2024",
        "content": "2",
        "activity": "machinery",
        "amount": "local_fund=300tr",
        "target": "T2_2=1",
    } | changes
    return (
        "project",
        "add",
        *(word for name, value in typed.items() for word in (f"--{name.replace('_', '-')}", value)),
    )


def _approve(*words: str, **changes: str) -> tuple[str, ...]:
    typed = {"decision": "9/QĐ", "decided_on": "01/03/2024", "signer": "Ký", "total": "300tr", "by": "binh"} | changes
    options = (word for name, value in typed.items() for word in (f"--{name.replace('_', '-')}", value))
    return ("approve", *options, *words)


# What is typed, the exit code, and words of the sentence on stderr.
REFUSED: dict[str, tuple[tuple[str, ...], int, str]] = {
    "unknown project": (("project", "show", "KC-VL-2024-999"), 1, "Không có đề án KC-VL-2024-999; hãy kiểm tra mã"),
    "unreadable code": (("project", "show", "hồ sơ 7"), 1, "không đúng mẫu; hãy gõ KC-TỈNH-NĂM-SỐ"),
    "history of an unknown project": (("project", "history", "KC-VL-2024-999"), 1, "hãy kiểm tra mã"),
    "why-not of an unknown project": (("why-not", "KC-VL-2024-999"), 1, "hãy kiểm tra mã"),
    "step of an unknown project": (("advance", "KC-VL-2024-999", "submit", "--by", "an"), 1, "hãy kiểm tra mã"),
    "edit of an unknown project": (
        ("project", "edit", "KC-VL-2024-999", "--name", "X", "--by", "an"),
        1,
        "hãy kiểm tra mã",
    ),
    "wrong stage": (
        ("advance", CODE, "accept", "--by", "chi"),
        1,
        "chỉ làm được khi đề án ở giai đoạn «Chờ nghiệm thu»",
    ),
    "wrong role": (("advance", CODE, "submit", "--by", "em"), 1, "không được ghi bước «Nộp hồ sơ»; cần:"),
    "another unit": (("advance", CODE, "submit", "--by", "yen"), 1, "chỉ làm việc với đề án của đơn vị mình"),
    "wrong route": (("advance", CODE, "send_to_agency", "--by", "binh"), 1, "chỉ dùng cho khuyến công quốc gia"),
    "wrong authority": (
        ("advance", CODE, "submit", "--by", "an", "--number", "1", "--authority", "ministry"),
        1,
        "do Đơn vị thực hiện (unit) quyết định, không phải Bộ Công Thương",
    ),
    "unknown authority": (("advance", CODE, "submit", "--by", "an", "--authority", "huyện"), 2, "không hiểu “huyện”"),
    "missing paper": (
        ("advance", CODE, "submit", "--by", "an", "--number", "1"),
        1,
        "Thiếu đề án khuyến công; hãy kèm theo",
    ),
    "approval as a step": (("advance", CODE, "approve", "--by", "binh"), 1, "hãy dùng dean approve --decision"),
    "unknown step": (("advance", CODE, "sumbit", "--by", "an"), 2, "không hiểu “sumbit”; có phải submit"),
    "unknown person": (("advance", CODE, "submit", "--by", "khong.ai"), 1, "Không có người dùng «khong.ai»"),
    "nobody": (("advance", CODE, "submit"), 2, "hãy thêm --by MÃ (hoặc đặt DEAN_BY)"),
    "an older version seen": (
        ("advance", CODE, "submit", "--by", "an", "--seen", "7"),
        1,
        "hãy mở lại đề án rồi làm tiếp",
    ),
    "version zero": (("advance", CODE, "submit", "--by", "an", "--seen", "0"), 1, "hãy gõ một số nguyên từ 1"),
    "negative amount": (
        ("advance", CODE, "submit", "--by", "an", "--amount", "local_fund=-300tr"),
        1,
        "là số âm; hãy gõ số tiền từ 0 đồng trở lên",
    ),
    "fractional đồng": (("advance", CODE, "submit", "--by", "an", "--amount", "local_fund=0,5"), 1, "có phần lẻ"),
    "ambiguous amount": (
        ("advance", CODE, "submit", "--by", "an", "--amount", "local_fund=1.5tr"),
        1,
        "có thể hiểu là",
    ),
    "approximate amount": (("advance", CODE, "submit", "--by", "an", "--amount", "local_fund=~300tr"), 1, "chính xác"),
    "amount above 2^63": (("advance", CODE, "submit", "--by", "an", "--amount", f"local_fund={HUGE}"), 1, "quá lớn"),
    "amount without source": (("advance", CODE, "submit", "--by", "an", "--amount", "300tr"), 1, "thiếu dấu “=”"),
    "unknown source": (("advance", CODE, "submit", "--by", "an", "--amount", "vay=300tr"), 2, "không hiểu “vay”"),
    "the same source twice": (
        ("advance", CODE, "submit", "--by", "an", "--amount", "local_fund=1", "--amount", "KCĐP=2"),
        1,
        "--amount local_fund ghi hai lần",
    ),
    "quantity above 2^63": (("advance", CODE, "submit", "--by", "an", "--quantity", f"T2_2={HUGE}"), 1, "quá lớn"),
    "negative quantity": (("advance", CODE, "submit", "--by", "an", "--quantity", "T2_2=-1"), 1, "là số âm"),
    "an impossible day": (
        ("advance", CODE, "submit", "--by", "an", "--decided-on", "31/02/2024"),
        1,
        "không có trong lịch",
    ),
    "an ambiguous day": (
        ("advance", CODE, "submit", "--by", "an", "--decided-on", "05-08-24"),
        1,
        "chưa đủ bốn chữ số",
    ),
    "a day in the future": (
        ("advance", CODE, "submit", "--by", "an", "--number", "1", "--decided-on", "04/06/2024"),
        1,
        "ở tương lai (hôm nay 03/06/2024)",
    ),
    "an empty number": (("advance", CODE, "submit", "--by", "an", "--number", " "), 1, "Số văn bản đang để trống"),
    "an invisible character": (("advance", CODE, "submit", "--by", "an", "--note", "a\u200bb"), 1, "U+200B"),
    "an unknown paper": (
        ("advance", CODE, "submit", "--by", "an", "--paper", "giấy phép=x.pdf"),
        1,
        "Không có loại giấy tờ",
    ),
    "a file that is not there": (
        ("advance", CODE, "submit", "--by", "an", "--paper", "dossier=x.pdf"),
        1,
        "Không có tệp “x.pdf”",
    ),
    "a folder as a file": (("advance", CODE, "submit", "--by", "an", "--paper", "dossier=."), 1, "không phải là tệp"),
    "a paper without its file": (("advance", CODE, "submit", "--by", "an", "--paper", "dossier="), 1, "Thiếu tên tệp"),
    "attaching nothing": (("project", "attach", CODE, "--by", "an"), 1, "Chưa kèm tài liệu nào"),
    "unknown beneficiary": (_add(beneficiary="999999"), 1, "Không có đơn vị thụ hưởng số 999999"),
    "beneficiary above 2^63": (_add(beneficiary=HUGE), 1, "hãy gõ một số nguyên từ 1 đến 9223372036854775807"),
    "unknown unit": (_add(unit="khong"), 1, "Không có đơn vị thực hiện"),
    "unknown place": (_add(place="khong"), 1, "Không có đơn vị hành chính"),
    "unknown target": (_add(target="T9_9=1"), 1, "không có chỉ tiêu T9_9"),
    "unknown content": (_add(content="77"), 1, "không có nội dung 77"),
    "unknown programme": (_add(programme="KC-XX"), 1, "Không có chương trình «KC-XX»; hãy xem dean programme list"),
    "year without a programme": (_add(year="2019"), 1, "Năm 2019 không thuộc chương trình nào"),
    "money of the other fund": (_add(amount="national_fund=300tr"), 1, "chỉ dùng nguồn KC địa phương và đối ứng"),
    "a leader writes no dossier": (_add(by="chi", unit="ttkc"), 1, "Lãnh đạo Sở không lập đề án"),
    "days in the wrong order": (
        ("project", "edit", CODE, "--starts-on", "01/06/2024", "--ends-on", "01/05/2024", "--by", "an"),
        1,
        "sau ngày kết thúc 01/05/2024",
    ),
    "an edit that changes nothing": (
        ("project", "edit", CODE, "--activity", "machinery", "--by", "an"),
        1,
        "Không có gì thay đổi",
    ),
    "approving the wrong stage": (_approve(CODE), 1, f"{CODE}: Bước «Phê duyệt trong kế hoạch» chỉ làm được"),
    "approving an unknown code": (_approve("KC-VL-2024-999"), 1, "KC-VL-2024-999: không có đề án này"),
    "approving a code twice": (_approve(CODE, CODE), 1, "ghi hai lần trong danh mục"),
    "approving nothing": (_approve(), 2, "Ghi các mã đề án, hoặc --from-file TỆP"),
    "approving from a missing file": (_approve("--from-file", "khong.csv"), 1, "“khong.csv”: không tìm thấy"),
    "adding a person as a coordinator": (
        ("user", "add", "moi", "--name", "Mới", "--role", "finance", "--by", "binh"),
        1,
        "không được làm việc này; cần: Quản trị hệ thống",
    ),
    "adding a person as nobody": (
        ("user", "add", "moi", "--name", "Mới", "--role", "finance"),
        2,
        "hãy ghi --by MÃ của một quản trị",
    ),
    "a code with accents": (
        ("user", "add", "mới", "--name", "Mới", "--role", "finance", "--by", "giang"),
        1,
        "hãy dùng chữ không dấu",
    ),
    "a code that is taken": (
        ("user", "add", "an", "--name", "An", "--role", "finance", "--by", "giang"),
        1,
        "Mã người dùng «an» đã có",
    ),
    "a mail address without a host": (
        ("user", "edit", "an", "--email", "an@", "--by", "giang"),
        1,
        "hãy gõ như an@vinhlong.gov.vn",
    ),
    "locking the last administrator": (("user", "lock", "giang", "--by", "giang"), 1, "là quản trị cuối cùng"),
    "a unit by a viewer": (("unit", "add", "x", "--name", "X", "--by", "hanh"), 1, "không được làm việc này"),
    "a known tax code": (
        ("beneficiary", "add", "--name", "Khác", "--kind", "household", "--tax-code", "9900912345", "--by", "an"),
        1,
        "Mã số thuế 9900912345 đã có",
    ),
    "a name that folds alike": (
        ("beneficiary", "add", "--name", "Co so Tau hu ky My Hoa", "--kind", "household", "--by", "an"),
        1,
        "Tên gần giống đơn vị đã có",
    ),
    "a wrong tax code": (
        ("beneficiary", "add", "--name", "Khác", "--kind", "household", "--tax-code", "12", "--by", "an"),
        1,
        "mã số thuế (tax_code) phải gồm 10 chữ số",
    ),
    "an unknown kind": (("beneficiary", "add", "--name", "Khác", "--kind", "chợ", "--by", "an"), 2, "không hiểu “chợ”"),
    "no words": (("project", "search", " . "), 0, "Không có đề án nào như vậy"),
    "unknown programme to show": (("programme", "status", "KC-XX"), 1, "Không có chương trình «KC-XX»"),
    "a programme file that is not there": (
        ("programme", "check", "x.yaml"),
        1,
        "Không đọc được tệp chương trình x.yaml",
    ),
    "a limit too large": (("project", "list", "--limit", "5000"), 1, "hãy gõ một số nguyên từ 1 đến 1000"),
    "an offset above 2^63": (("project", "list", "--offset", HUGE), 1, "không hợp lệ"),
    "an unknown unit to list": (("project", "list", "--unit", "khong"), 1, "Không có đơn vị «khong»"),
    "an unknown stage": (("project", "list", "--stage", "xong"), 2, "không hiểu “xong”"),
    "a negative amount in words": (("words", "-5"), 1, "là số âm"),
    "an unknown command": (("projcets",), 2, "Không có lệnh “projcets”; có phải “project”"),
    "an unknown subcommand": (("project", "sho", CODE), 2, "có phải “show”"),
    "an unknown option": (("project", "list", "--yaer", "2024"), 2, "Không có tùy chọn “--yaer”; có phải --year"),
    "a missing argument": (("project", "show"), 2, "Thiếu tham số MÃ."),
    "a missing option": (("approve", CODE), 2, "Thiếu tùy chọn --decision"),
    "one argument too many": (("project", "show", CODE, "x"), 2, "Thừa tham số: x"),
    "an option without its value": (("project", "list", "--year"), 2, "Tùy chọn --year cần một giá trị"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_refused_with_a_sentence_and_changes_nothing(office: Any, dean: Any, case: str) -> None:
    words, code, sentence = REFUSED[case]
    assert office.open() == CODE
    before = dean.events()

    answer = dean(*words)

    assert (answer.code, answer.out) == (code, "")
    assert sentence in answer.err, answer.err
    assert "Traceback" not in answer.err
    assert (dean.events(), dean.kept_files()) == (before, [])


def test_a_decision_before_the_previous_step_is_refused(office: Any, dean: Any) -> None:
    code = office.bring(office.open(), "appraising")
    before = dean.events()

    answer = dean(
        *("advance", code, "pass_appraisal", "--by", "chi", "--number", "3", "--signer", "Ký"),
        *("--decided-on", "01/01/2024"),
    )

    assert answer.code == 1
    assert "trước bước liền trước (04/01/2024)" in answer.err
    assert dean.events() == before


def test_an_amount_over_the_approved_one_is_refused(office: Any, dean: Any) -> None:
    code = office.bring(office.open(), "awaiting_acceptance")
    before = dean.events()

    answer = dean(
        *("advance", code, "accept", "--by", "chi", "--number", "9", "--signer", "Ký", "--quantity", "T2_2=1"),
        *("--amount", "local_fund=300.000.001"),
    )

    assert (answer.code, answer.err.count("\n")) == (1, 3)
    assert "vượt số phê duyệt 300.000.000 đồng là 1 đồng; hãy ghi không quá mức đó." in answer.err
    assert dean.events() == before


def test_decomposed_text_is_stored_composed(office: Any, dean: Any) -> None:
    code = office.open()
    decomposed = unicodedata.normalize("NFD", "Hỗ trợ máy đóng gói tàu hủ ky Mỹ Hòa")
    file = dean.file(unicodedata.normalize("NFD", "Đề án.pdf"))

    assert dean("project", "edit", code, "--name", decomposed, "--by", "an").code == 0
    assert dean("project", "attach", code, "--paper", f"dossier={file}", "--by", "an").code == 0

    sheet = dean("project", "show", code, "--json").json
    assert sheet["name"] == unicodedata.normalize("NFC", decomposed)
    assert sheet["papers"][0]["file_name"] == "Đề án.pdf"


def test_of_two_people_at_once_the_second_is_told_what_changed(office: Any, dean: Any) -> None:
    code = office.bring(office.open(), "appraising")
    seen = str(dean("project", "show", code, "--json").json["version"])
    passed = ("advance", code, "pass_appraisal", "--number", "3", "--signer", "Hội đồng", "--seen", seen)

    first = dean(*passed, "--by", "chi")
    second = dean(*passed, "--by", "bach")

    assert (first.code, second.code) == (0, 1)
    assert "vừa được Lê Minh Chi cập nhật" in second.err
    assert "hãy mở lại đề án rồi làm tiếp." in second.err


def test_a_locked_person_can_neither_write_nor_read(office: Any, dean: Any) -> None:
    code = office.open()
    assert dean("user", "lock", "an", "--by", "giang", "--note", "Nghỉ việc").code == 0
    before = dean.events()

    written = dean("project", "edit", code, "--name", "Tên khác", "--by", "an")
    read = dean("project", "show", code, "--by", "an")

    assert [(answer.code, "đã khóa" in answer.err) for answer in (written, read)] == [(1, True), (1, True)]
    assert dean.events() == before
