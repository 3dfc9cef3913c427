"""Remarks on a project: who may write, who is reached, and what the log keeps."""

from datetime import timedelta
from typing import Any

import pytest

from models.append import Origin
from models.columns import instant_text
from models.desk.comments import LONGEST, MOST_MENTIONED, mentions_of, remark, remarks, take_back
from models.loading import load_person
from models.people import edit_person
from models.verify import verify
from states.refusal import Refused


def say(office: Any, code: str, words: str, by: str) -> int:
    with office.store.write() as session:
        person = load_person(session, by)
        return remark(session, code, words, by=person, origin=Origin(office.at, person.id, "test"))


def mentioned(office: Any, who: str) -> list[tuple[str, str]]:
    since = instant_text(office.at - timedelta(hours=1))
    with office.store.read() as session:
        return [(row["code"], row["words"]) for row in mentions_of(session, load_person(session, who), since=since)]


def test_remark_reaches_those_whom_it_mentions_and_nobody_else(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(), "submitted")

    say(office, code, "Nhờ @chi, @dung xem. Thư binh@sct.example không nhắc ai, @an nữa.", "binh")

    assert [(who, len(mentioned(office, who))) for who in ("chi", "dung", "an", "binh", "bach", "yen")] == [
        *(("chi", 1), ("dung", 1), ("an", 1)),
        *(("binh", 0), ("bach", 0), ("yen", 0)),
    ]


def test_remark_of_long_ago_is_no_news(office: Any) -> None:
    code = office.bring(office.open(), "submitted")
    say(office, code, "@chi xem giúp", "binh")

    office.at += timedelta(days=2)

    assert mentioned(office, "chi") == []


def test_mention_leaves_with_the_scope(office: Any) -> None:
    """Whoever is moved to another unit no longer reads what was said about the old one's projects."""
    code = office.bring(office.open(), "submitted")
    say(office, code, "@an bổ sung nhé", "binh")

    with office.store.write() as session:
        edit_person(session, "an", office.origin, unit="hoi")

    assert mentioned(office, "an") == []


@pytest.mark.parametrize(
    ("words", "by", "reason"),
    [
        ("   ", "binh", f"Ý kiến phải có từ 1 đến {LONGEST} ký tự; hãy viết lại."),
        ("a" * (LONGEST + 1), "binh", f"Ý kiến phải có từ 1 đến {LONGEST} ký tự; hãy viết lại."),
        ("Nhờ @aido", "binh", "Không có người dùng «aido»; hãy kiểm tra tên sau dấu @."),
        ("Nhờ @yen", "binh", "Phạm Thị Yến (@yen) không xem được đề án này; hãy bỏ tên đó."),
        ("Xin chào", "yen", "Không có đề án KC-VL-2024-001 trong phạm vi xem của Phạm Thị Yến; "),
        ("Xin chào", "hanh", "Ngô Mỹ Hạnh (Cán bộ xã (chỉ xem)) không được làm việc này; cần: "),
    ],
)
def test_remark_is_refused(office: Any, words: str, by: str, reason: str) -> None:
    code = office.bring(office.open(), "submitted")

    with pytest.raises(Refused) as refused:
        say(office, code, words, by)

    assert refused.value.reasons[0].startswith(reason)


def test_remark_taken_back_leaves_the_page_and_stays_in_the_log(office: Any) -> None:
    code = office.bring(office.open(), "submitted")
    number = say(office, code, "Ghi nhầm, @chi", "binh")

    with office.store.write() as session:
        person = load_person(session, "binh")
        take_back(session, number, by=person, origin=Origin(office.at, person.id, "test"))

    with office.store.read() as session:
        assert remarks(session, code, reader=None) == []
    assert mentioned(office, "chi") == []
    assert verify(office.store).problems == ()
    assert len(office.everything()["comment"]) == 1


def test_remark_of_another_is_not_taken_back(office: Any) -> None:
    code = office.bring(office.open(), "submitted")
    number = say(office, code, "Đề nghị bổ sung ảnh", "binh")

    with office.store.write() as session:
        person = load_person(session, "chi")
        with pytest.raises(Refused, match="Chỉ người viết"):
            take_back(session, number, by=person, origin=Origin(office.at, person.id, "test"))


def test_remark_keeps_its_lines_in_the_normal_form(office: Any) -> None:
    import unicodedata

    code = office.bring(office.open(), "submitted")

    say(office, code, unicodedata.normalize("NFD", "Dòng một\r\n\r\nDòng hai "), "binh")

    with office.store.read() as session:
        [row] = remarks(session, code, reader=None)
    assert row["words"] == "Dòng một\n\nDòng hai"


def test_remark_calls_so_many_people_and_no_more(office: Any) -> None:
    code = office.bring(office.open(), "submitted")
    many = " ".join(f"@nguoi{number}" for number in range(MOST_MENTIONED + 1))

    with pytest.raises(Refused, match=f"nhiều nhất {MOST_MENTIONED} người"):
        say(office, code, many, "binh")


def test_same_name_twice_is_one_person(office: Any) -> None:
    code = office.bring(office.open(), "submitted")

    assert say(office, code, "@chi " * (MOST_MENTIONED + 5), "binh") > 0
