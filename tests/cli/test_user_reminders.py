"""dean user away and notify: who stands in, and how people are told."""

from typing import Any

import pytest

AWAY = ("user", "away", "binh", "--by", "binh")


def test_person_names_who_stands_in(office: Any, dean: Any) -> None:
    done = dean(*AWAY, "--from", "10/6/2024", "--until", "14/6/2024", "--to", "bach", "--note", "Nghỉ phép")

    shown, printed = dean("user", "show", "binh", "--json").json, dean("user", "show", "binh")
    assert done.out == "bach nhận nhắc việc thay binh từ 10/06/2024 đến 14/06/2024.\n"
    assert shown["away"] == [
        {"person": "binh", "substitute": "bach", "from_on": "2024-06-10", "until_on": "2024-06-14"}
    ]
    assert "Vắng mặt bach thay từ 10/06/2024 đến 14/06/2024" in printed.lines


def test_absence_begins_today_unless_told_otherwise(office: Any, dean: Any) -> None:
    done = dean(*AWAY, "--until", "14/6/2024", "--to", "bach", "--json")

    assert done.json["from_on"] == "2024-06-03"


def test_absence_ahead_is_called_off(office: Any, dean: Any) -> None:
    dean(*AWAY, "--from", "10/6/2024", "--until", "14/6/2024", "--to", "bach")

    done = dean(*AWAY, "--cancel")

    assert (done.code, done.out) == (0, "Đã hủy lần vắng của binh.\n")
    assert dean("user", "show", "binh", "--json").json["away"] == []


def test_who_comes_back_early_reads_again(office: Any, dean: Any) -> None:
    dean(*AWAY, "--until", "14/6/2024", "--to", "bach")
    dean.set(today="2024-06-05")

    done = dean(*AWAY, "--cancel")

    assert done.out == "binh đã trở lại; người thay hết nhận nhắc việc sau ngày 04/06/2024.\n"


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        ((), 2, "Ghi --until NGÀY --to MÃ để nhờ người thay, hoặc --cancel để hủy."),
        (("--to", "bach"), 2, "Ghi --until NGÀY --to MÃ"),
        (("--cancel", "--to", "bach"), 2, "Ghi --until NGÀY --to MÃ"),
        (("--until", "2/6/2024", "--from", "1/6/2024", "--to", "bach"), 1, "Ngày hết vắng 02/06/2024 đã qua"),
        (("--until", "4/6/2024", "--to", "binh"), 1, "Trần Thị Bình không thể tự thay mình; hãy chọn người khác."),
        (("--until", "4/6/2024", "--to", "hanh"), 1, "không được xem các đề án của Trần Thị Bình"),
        (("--until", "4/6/2024", "--to", "x"), 1, "Không có người dùng «x»"),
        (("--cancel",), 1, "không có lần vắng nào đang hoặc sắp diễn ra"),
    ],
)
def test_absence_that_cannot_be_is_refused(
    office: Any, dean: Any, words: tuple[str, ...], code: int, sentence: str
) -> None:
    before = dean.events()

    answer = dean(*AWAY, *words)

    assert (answer.code, answer.out, dean.events()) == (code, "", before)
    assert sentence in answer.err


def test_person_chooses_how_to_be_told(office: Any, dean: Any) -> None:
    before = dean("user", "show", "binh", "--json").json["notify"]

    done = dean("user", "notify", "binh", "--channel", "zalobot", "--channel", "email", "--no-urgent", "--by", "binh")

    after, printed = dean("user", "show", "binh", "--json").json["notify"], dean("user", "show", "binh")
    assert done.out == "binh: Zalo Bot, Thư điện tử; việc gấp vào thư buổi sáng.\n"
    assert (before["channels"], before["urgent_at_once"]) == (["email"], True)
    assert (after["channels"], after["urgent_at_once"], after["in_charge"]) == (["zalobot", "email"], False, False)
    assert "Nhắc việc Zalo Bot, Thư điện tử; việc gấp vào thư buổi sáng" in printed.lines


def test_leader_is_put_in_charge(office: Any, dean: Any) -> None:
    done = dean("user", "notify", "chau", "--in-charge", "--by", "giang", "--json")

    assert done.json == {"channels": ["email"], "urgent_at_once": True, "in_charge": True}


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("binh", "--by", "binh"), 2, "Ghi --channel, --urgent/--no-urgent hoặc --in-charge/--no-in-charge."),
        (("binh", "--channel", "fax", "--by", "binh"), 2, "không hiểu “fax”"),
        (("binh", "--in-charge", "--by", "giang"), 1, "không phải lãnh đạo nên không phụ trách"),
        (("binh", "--no-urgent", "--by", "bach"), 1, "cần: chính người đó, Lãnh đạo Sở, Quản trị hệ thống."),
        (("binh", "--urgent", "--by", "binh"), 1, "không có gì thay đổi."),
        (("x", "--urgent", "--by", "giang"), 1, "Không có người dùng «x»"),
    ],
)
def test_choice_that_cannot_be_is_refused(
    office: Any, dean: Any, words: tuple[str, ...], code: int, sentence: str
) -> None:
    before = dean.events()

    answer = dean("user", "notify", *words)

    assert (answer.code, answer.out, dean.events()) == (code, "", before)
    assert sentence in answer.err


def test_address_typed_again_is_tried_again(office: Any, dean: Any) -> None:
    from models.loading import load_person
    from models.reminders.addresses import mark_problem
    from states.posting import Channel

    edit = ("user", "edit", "binh", "--email", "binh@so.example", "--by", "giang")
    dean(*edit)
    with office.store.write() as session:
        person = load_person(session, "binh").id
        mark_problem(session, person, Channel.EMAIL, "Hộp thư không có.", at=office.at)
    troubled = dean("user", "show", "binh")

    dean(*edit)

    assert "Không gửi được Thư điện tử: Hộp thư không có." in troubled.lines
    assert dean("user", "show", "binh", "--json").json["reached"] == [
        {"channel": "email", "label": "Thư điện tử", "problem": ""}
    ]
