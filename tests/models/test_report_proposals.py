"""What a report proposes: written beside figures that never change, final with the signature, proven at reading."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from models.append import Origin
from models.loading import load_person
from models.report.differences import compared
from models.report.freezing import freeze, sign
from models.report.proposing import LONGEST, Proposals, proposals_of, propose
from models.report.rows import Report, read_report, report_numbered
from models.verify import verify
from states.periods import read_period
from states.refusal import Refused

MARCH = read_period("tháng 3/2024")
PROGRAMME = "KC-VL-2021-2025"
AT = datetime.fromisoformat("2024-03-18T03:00:00+00:00")


@pytest.fixture
def report(office_on_both: Any) -> Report:
    """A frozen report of March 2024 with one project in it."""
    office_on_both.bring(office_on_both.open(), "submitted")
    with office_on_both.store.write() as session:
        person = load_person(session, "binh")
        return freeze(session, PROGRAMME, MARCH, by=person, origin=Origin(AT, person.id, "test"))


def written(office: Any, report: Report, words: str, by: str = "binh", days: int = 0) -> Proposals:
    with office.store.write() as session:
        person = load_person(session, by)
        origin = Origin(AT + timedelta(days=days), person.id, "test")
        return propose(session, report, words, by=person, origin=origin)


def read(office: Any, report: Report) -> str:
    with office.store.read() as session:
        return proposals_of(session, read_report(session, PROGRAMME, MARCH)).words


def signed(office: Any, report: Report) -> None:
    with office.store.write() as session:
        person, at = load_person(session, "chi"), AT + timedelta(days=1)
        paper: dict[str, Any] = {"number": "45/BC-SCT", "signed_on": at.date(), "signer": "Lê Minh Chi"}
        sign(session, report, **paper, by=person, origin=Origin(at, person.id, "test"))


def test_proposals_are_written_rewritten_and_taken_back(office_on_both: Any, report: Report) -> None:
    body = report.row["body"]

    found = [written(office_on_both, report, words).words for words in ("Một\r\nHai  ba", "Bốn", "")]

    assert found == ["Một\nHai ba", "Bốn", ""]
    assert read(office_on_both, report) == ""
    with office_on_both.store.read() as session:
        assert report_numbered(session, report.id).row["body"] == body
    assert verify(office_on_both.store).problems == ()


def test_proposals_say_who_wrote_them_and_when(office_on_both: Any, report: Report) -> None:
    found = written(office_on_both, report, "Xin gia hạn.")

    assert found == Proposals("Xin gia hạn.", "Trần Thị Bình", "2024-03-18T03:00:00.000000Z")


@pytest.mark.parametrize(
    ("words", "by", "reason"),
    [
        ("Xin", "chi", "Lê Minh Chi (Lãnh đạo Sở) không được làm việc này; cần: Điều phối viên của Sở."),
        ("", "binh", "Đề xuất, kiến nghị đã ghi đúng như vậy; không có gì thay đổi."),
        (
            "a\x07b",
            "binh",
            "Đề xuất, kiến nghị có ký tự không in được (U+0007) sau “a”; hãy xóa ký tự đó rồi nhập lại.",
        ),
        (
            "x" * (LONGEST + 1),
            "binh",
            f"Đề xuất dài {LONGEST + 1} chữ cái, nhiều nhất {LONGEST}; hãy viết gọn hoặc gửi văn bản riêng.",
        ),
    ],
    ids=["by_a_leader", "nothing_new", "invisible", "too_long"],
)
def test_proposals_that_cannot_stand_are_refused(
    office_on_both: Any, report: Report, words: str, by: str, reason: str
) -> None:
    with office_on_both.refusing(reason):
        written(office_on_both, report, words, by)


def test_signed_report_is_final_with_its_proposals(office_on_both: Any, report: Report) -> None:
    written(office_on_both, report, "Xin gia hạn.")
    signed(office_on_both, report)

    with office_on_both.refusing(
        "Báo cáo tháng 03 năm 2024, lần phát hành 1 đã ký, số 45/BC-SCT, nên không sửa đề xuất; hãy ghi vào lần phát"
        " hành sau."
    ):
        written(office_on_both, report, "Xin nữa.", days=2)
    assert read(office_on_both, report) == "Xin gia hạn."


def test_earlier_issue_takes_no_proposals_and_the_next_one_starts_empty(office_on_both: Any, report: Report) -> None:
    written(office_on_both, report, "Xin gia hạn.")
    office_on_both.at = datetime.fromisoformat("2024-03-10T02:00:00+00:00")
    office_on_both.bring(office_on_both.open(equipment="Lò sấy"), "submitted")
    with office_on_both.store.write() as session:
        person, at = load_person(session, "binh"), AT + timedelta(days=3)
        later = freeze(session, PROGRAMME, MARCH, by=person, origin=Origin(at, person.id, "test"))

    with office_on_both.refusing(
        "Báo cáo tháng 03 năm 2024, lần phát hành 1 đã được thay bằng lần phát hành 2; hãy ghi đề xuất vào lần đó."
    ):
        written(office_on_both, report, "Xin nữa.")

    assert read(office_on_both, later) == ""
    changed = {change["cell"]: (change["was"], change["now"]) for change in compared(report, later)}
    assert changed["totals/projects/planned"] == (1, 2)


def test_proposals_that_were_changed_behind_the_ledger_are_found(office: Any) -> None:
    office.bring(office.open(), "submitted")
    with office.store.write() as session:
        person = load_person(session, "binh")
        report = freeze(session, PROGRAMME, MARCH, by=person, origin=Origin(AT, person.id, "test"))
    written(office, report, "Xin gia hạn.")
    with office.store.write() as session:
        connection = session.connection()
        for name in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(
            text("UPDATE event SET body = replace(body, 'gia hạn', 'thêm tiền') WHERE subject_id = :id"),
            {"id": report.id},
        )

    with pytest.raises(Refused):
        read(office, report)
    assert verify(office.store).problems != ()
