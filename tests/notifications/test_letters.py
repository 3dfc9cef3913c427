"""The words of the letters about tasks, read as a person reads them."""

import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import Any

import pytest

from notifications.letters.entries import Urgency, time_left, urgency
from notifications.letters.page import Letter
from notifications.letters.reminders import write_digest, write_escalation, write_urgent
from notifications.letters.values import Cover, Digest, Escalated, Item, Told, Waiting
from notifications.message import BadMessage

ON = date(2026, 8, 5)
BASE = "https://khuyencong.example.vn"
COVER: dict[str, Any] = {
    "to_name": "Trần Thị Bình",
    "on": ON,
    "office_name": "Trung tâm Khuyến công",
    "settings_link": f"{BASE}/toi/nhac-viec",
    "unsubscribe_link": f"{BASE}/thoi-nhan?t=q7",
    "created_at": datetime(2026, 8, 5, 0, 30, tzinfo=UTC),
}
LATE = Item(
    obligation_id="3f9a01c2",
    ordinal=3,
    code="KC-VL-2026-014",
    name="Hỗ trợ máy đóng gói bánh tráng",
    task="trả kết quả thẩm định",
    why="anh/chị được giao thẩm định đề án này",
    link=f"{BASE}/de-an/14",
    acknowledge_link=f"{BASE}/nhac/3f9a01c2/da-nam?t=a1",
    snooze_link=f"{BASE}/nhac/3f9a01c2/nhac-sau?t=b2",
    deadline_key="KC-VL-2026-014/D-APPRAISE/5",
    sequence=2,
    due_on=date(2026, 8, 3),
    rolled_on=date(2026, 8, 3),
    safe_on=date(2026, 8, 3),
    workdays_left=-2,
    statutory=True,
    provisional=False,
    basis="TT 36/2013/TT-BCT Điều 9",
)
ROLLED = replace(
    LATE,
    obligation_id="77b0aa10",
    ordinal=1,
    code="KC-VL-2026-020",
    task="họp nghiệm thu cơ sở",
    acknowledge_link=None,
    snooze_link=None,
    deadline_key="KC-VL-2026-020/D-ACCEPT/2",
    due_on=date(2026, 8, 9),
    rolled_on=date(2026, 8, 10),
    safe_on=date(2026, 8, 7),
    workdays_left=2,
    statutory=False,
    provisional=True,
    basis="",
    stand_in_for="Lê Văn Ân",
)
WAITING = Waiting(
    obligation_id="0c0c0c0c",
    ordinal=1,
    code="KC-VL-2026-031",
    name="",
    task="bổ sung hồ sơ",
    why="hồ sơ được trả lại để bổ sung",
    link=f"{BASE}/de-an/31",
    since=date(2026, 8, 3),
    workdays=2,
)


def digest(*items: Item | Waiting) -> Digest:
    return Digest(**COVER, items=items)


def item(number: int, left: int) -> Item:
    day = date(2026, 8, 5) if left == 0 else date(2026, 8, 20) if left > 0 else date(2026, 8, 3)
    return replace(
        LATE,
        obligation_id=f"{number:08x}",
        code=f"KC-{number}",
        deadline_key=f"KC-{number}/D",
        workdays_left=left,
        due_on=day,
        rolled_on=day,
        safe_on=day,
        link=f"{BASE}/de-an/{number}",
    )


class Reading(HTMLParser):
    """What stands in an HTML letter: its words, its links, its tags; and whether every tag is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.tags: set[str] = set()
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag not in {"meta", "br"}:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open and "title" not in self._open:
            self.text += data


def test_digest_reads_as_a_person_would_write_it() -> None:
    letter = write_digest(digest(WAITING, ROLLED, LATE))

    assert letter.subject == "3 việc khuyến công: 1 quá hạn, 1 đến hạn trong 3 ngày làm việc – 05/08/2026"
    assert letter.text == (
        """\
Kính gửi anh/chị Trần Thị Bình,

Hôm nay, thứ Tư 05/08/2026, anh/chị có 3 việc khuyến công: 1 quá hạn, 1 đến
hạn trong 3 ngày làm việc, 1 chờ anh/chị xử lý.


QUÁ HẠN (1)

1. Trả kết quả thẩm định
   Đề án:     KC-VL-2026-014 – Hỗ trợ máy đóng gói bánh tráng
   Hạn:       thứ Hai 03/08/2026 – quá hạn 2 ngày làm việc
   Loại hạn:  theo quy định (TT 36/2013/TT-BCT Điều 9)
   Lý do:     Anh/chị được giao thẩm định đề án này
   Mở hồ sơ:  https://khuyencong.example.vn/de-an/14
   Đã nắm:    https://khuyencong.example.vn/nhac/3f9a01c2/da-nam?t=a1
   Nhắc sau:  https://khuyencong.example.vn/nhac/3f9a01c2/nhac-sau?t=b2
   Nhắc lần 3 – mã 3f9a01c2


TRONG 3 NGÀY LÀM VIỆC (1)

2. Họp nghiệm thu cơ sở
   Đề án:     KC-VL-2026-020 – Hỗ trợ máy đóng gói bánh tráng
   Hạn:       thứ Hai 10/08/2026
   Nên xong:  thứ Sáu 07/08/2026 – còn 2 ngày làm việc
   Ghi chú:   Hạn rơi vào Chủ nhật 09/08/2026 là ngày nghỉ nên được tính sang
              thứ Hai 10/08/2026; xong chậm nhất thứ Sáu 07/08/2026 thì chắc
              chắn không trễ.
   Loại hạn:  nội bộ của đơn vị
   Tạm tính:  Lịch nghỉ chưa xác nhận nên hạn còn có thể thay đổi.
   Làm thay:  anh/chị Lê Văn Ân
   Lý do:     Anh/chị được giao thẩm định đề án này
   Mở hồ sơ:  https://khuyencong.example.vn/de-an/14
   Nhắc lần 1 – mã 77b0aa10


MỚI GIAO, CHỜ ANH/CHỊ XỬ LÝ (1)

3. Bổ sung hồ sơ
   Đề án:     KC-VL-2026-031
   Chờ từ:    thứ Hai 03/08/2026, đã 2 ngày làm việc
   Lý do:     Hồ sơ được trả lại để bổ sung
   Mở hồ sơ:  https://khuyencong.example.vn/de-an/31
   Nhắc lần 1 – mã 0c0c0c0c


Việc nào đã xong, mong anh/chị ghi kết quả vào hệ thống để không bị nhắc lại.

Chưa làm được ngay, anh/chị có thể bấm “Đã nắm” hoặc “Nhắc sau”.

Trân trọng,
Trung tâm Khuyến công

-- """
        + """
Thư này do hệ thống gửi tự động; không cần trả lời.
Đổi cách nhận thư: https://khuyencong.example.vn/toi/nhac-viec
Thôi nhận thư này: https://khuyencong.example.vn/thoi-nhan?t=q7
"""
    )


def test_escalation_tells_the_supervisor_who_was_reminded_when() -> None:
    told = (
        Told(on=date(2026, 7, 30), channel="thư điện tử", arrived=True),
        Told(on=date(2026, 8, 4), channel="Zalo", arrived=False),
    )
    bare = replace(LATE, acknowledge_link=None, snooze_link=None, why="")
    case = Escalated(item=bare, owner_name="Nguyễn Văn An", told=told, acknowledged_on=date(2026, 8, 4))

    letter = write_escalation((case,), Cover(**COVER | {"settings_link": None, "unsubscribe_link": None}))

    assert (letter.subject, letter.attachments) == (
        "Quá hạn 2 ngày làm việc: Trả kết quả thẩm định – KC-VL-2026-014",
        (),
    )
    assert letter.text == (
        """\
Kính gửi anh/chị Trần Thị Bình,

Việc dưới đây đã quá hạn. Người phụ trách đã được nhắc nhưng chưa ghi kết quả
trên hệ thống.


QUÁ HẠN (1)

Trả kết quả thẩm định
   Đề án:     KC-VL-2026-014 – Hỗ trợ máy đóng gói bánh tráng
   Hạn:       thứ Hai 03/08/2026 – quá hạn 2 ngày làm việc
   Loại hạn:  theo quy định (TT 36/2013/TT-BCT Điều 9)
   Phụ trách: anh/chị Nguyễn Văn An
   Đã nhắc:   2 lần: 30/07/2026 qua thư điện tử, 04/08/2026 qua Zalo (không
              gửi được)
   Trả lời:   đã báo “Đã nắm” ngày 04/08/2026
   Mở hồ sơ:  https://khuyencong.example.vn/de-an/14
   Nhắc lần 3 – mã 3f9a01c2


Kính đề nghị anh/chị xem xét, chỉ đạo.

Trân trọng,
Trung tâm Khuyến công

-- """
        + """
Thư này do hệ thống gửi tự động; không cần trả lời.
"""
    )


def test_escalation_of_several_does_not_claim_that_everybody_was_reached() -> None:
    unreached = Escalated(item=LATE, owner_name="Nguyễn Văn An", told=())
    reached = Escalated(
        item=item(2, -1), owner_name="Đỗ Thị Út", told=(Told(on=ON, channel="thư điện tử", arrived=True),)
    )

    letter = write_escalation((unreached, reached), Cover(**COVER))

    assert letter.subject == "2 việc khuyến công quá hạn cần anh/chị chỉ đạo – 05/08/2026"
    assert "2 việc dưới đây đã quá hạn và chưa có kết quả trên hệ thống." in letter.text
    assert letter.text.index("Đã nhắc:   chưa lần nào") < letter.text.index("Đã nhắc:   1 lần: 05/08/2026 qua thư")


@pytest.mark.parametrize(
    ("left", "subject", "opening"),
    [
        (-1, "Quá hạn 1 ngày làm việc", "Việc dưới đây đã quá hạn, mong anh/chị xử lý ngay."),
        (0, "Đến hạn hôm nay", "Việc dưới đây cần xong trong hôm nay, mong anh/chị ưu tiên xử lý."),
        (3, "Còn 3 ngày làm việc", "Việc dưới đây sắp đến hạn, mong anh/chị sắp xếp xử lý sớm."),
    ],
)
def test_urgent_letter_names_the_task_in_its_subject(left: int, subject: str, opening: str) -> None:
    letter = write_urgent(item(1, left), Cover(**COVER))

    assert letter.subject == f"{subject}: Trả kết quả thẩm định – KC-1"
    assert letter.text.split("\n")[2] == opening
    assert len(letter.attachments) == 1


def test_urgent_letter_about_a_waiting_task_has_no_deadline() -> None:
    letter = write_urgent(WAITING, Cover(**COVER))

    assert (letter.subject, letter.attachments) == ("Chờ anh/chị xử lý: Bổ sung hồ sơ – KC-VL-2026-031", ())


@pytest.mark.parametrize(
    ("left", "section"),
    [
        (-40, Urgency.OVERDUE),
        (-1, Urgency.OVERDUE),
        (0, Urgency.TODAY),
        (1, Urgency.NEAR),
        (3, Urgency.NEAR),
        (4, Urgency.FAR),
        (7, Urgency.FAR),
        (8, Urgency.CALM),
        (200, Urgency.CALM),
    ],
)
def test_task_stands_in_the_section_of_its_workdays_left(left: int, section: Urgency) -> None:
    assert urgency(item(1, left), ON) is section


@pytest.mark.parametrize(
    ("on", "left", "words"),
    [
        (date(2026, 8, 6), 1, "còn 1 ngày làm việc"),
        (date(2026, 8, 7), 0, "hôm nay là ngày làm việc cuối cùng trước hạn"),
        (date(2026, 8, 8), 0, "không còn ngày làm việc nào trước hạn"),
        (date(2026, 8, 10), 0, "đến hạn hôm nay"),
        (date(2026, 8, 11), -1, "quá hạn 1 ngày làm việc"),
    ],
)
def test_time_left_counts_to_the_safe_day_and_from_the_rolled_day(on: date, left: int, words: str) -> None:
    assert time_left(replace(ROLLED, workdays_left=left), on) == words


def test_deadline_that_ended_yesterday_is_overdue_on_a_day_off_too() -> None:
    friday = replace(item(1, 0), rolled_on=date(2026, 8, 7), safe_on=date(2026, 8, 7), due_on=date(2026, 8, 7))

    assert urgency(friday, date(2026, 8, 8)) is Urgency.OVERDUE
    assert time_left(friday, date(2026, 8, 8)) == "đã quá hạn"


def test_safe_day_today_is_not_called_the_deadline() -> None:
    last_chance = replace(ROLLED, workdays_left=0)

    letter = write_digest(replace(digest(last_chance), on=date(2026, 8, 7)))

    assert letter.subject == "1 việc khuyến công cần xong hôm nay – 07/08/2026"
    unfolded = " ".join(letter.text.split())
    assert "Nên xong: thứ Sáu 07/08/2026 – hôm nay là ngày làm việc cuối cùng trước hạn Ghi chú:" in unfolded


def test_day_off_that_does_not_move_the_deadline_is_explained() -> None:
    fixed = replace(ROLLED, rolled_on=date(2026, 8, 9))

    letter = write_digest(digest(fixed))

    assert "Hạn rơi vào ngày nghỉ và không được lùi; xong chậm nhất thứ Sáu" in letter.text


@pytest.mark.parametrize(
    ("lefts", "subject"),
    [
        ([-1, 0, 0], "3 việc khuyến công: 1 quá hạn, 2 đến hạn hôm nay – 05/08/2026"),
        ([-1, -2], "2 việc khuyến công quá hạn – 05/08/2026"),
        ([0], "1 việc khuyến công đến hạn hôm nay – 05/08/2026"),
        (
            [5, 2, 9],
            "3 việc khuyến công: 1 đến hạn trong 3 ngày làm việc, 1 đến hạn trong 7 ngày làm việc – 05/08/2026",
        ),
        ([9], "1 việc khuyến công chờ anh/chị xử lý – 05/08/2026"),
    ],
)
def test_subject_tells_how_many_and_the_most_urgent(lefts: list[int], subject: str) -> None:
    letter = write_digest(digest(*(item(number, left) for number, left in enumerate(lefts))))

    assert letter.subject == subject


def test_thirty_tasks_of_one_person_are_one_letter_that_no_mail_program_cuts() -> None:
    items = [replace(item(number, number % 12 - 2), name="Hỗ trợ ứng dụng máy móc " * 6) for number in range(30)]

    letter = write_digest(digest(*items))
    reading = Reading(letter.html)

    assert letter.subject == "30 việc khuyến công: 6 quá hạn, 3 đến hạn hôm nay – 05/08/2026"
    assert {f"{BASE}/de-an/{number}" for number in range(30)} <= set(reading.links)
    # Gmail hides what comes after 102 kB.
    assert len(letter.html.encode()) < 100_000


def test_both_parts_hold_the_same_links_and_the_same_facts() -> None:
    letter = write_digest(digest(LATE, ROLLED, WAITING))
    reading = Reading(letter.html)

    in_text = [word for word in letter.text.split() if word.startswith("https://")]
    assert reading.links == in_text
    for line in letter.text.replace("\n              ", " ").splitlines():
        fact = line.strip().partition(":")[2].strip()
        if line.startswith("   ") and not fact.startswith("https"):
            assert fact in reading.text
    for task in (LATE, ROLLED, WAITING):
        assert f"Nhắc lần {task.ordinal} – mã {task.obligation_id}" in reading.text


def test_html_fetches_nothing_and_adapts_to_the_dark() -> None:
    letter = write_digest(digest(LATE, ROLLED, WAITING))
    reading = Reading(letter.html)

    assert reading.tags & {"img", "script", "link", "iframe", "object", "form", "svg", "video"} == set()
    assert {name for name, value in reading.attributes if "://" in value} == {"href"}
    assert "url(" not in letter.html
    assert "@import" not in letter.html
    assert "@media (prefers-color-scheme: dark)" in letter.html
    assert letter.html.count('<td class="card" style="font-family:') == 3
    assert "{{" not in letter.html
    assert ("content", "light dark") in reading.attributes
    assert ("lang", "vi") in reading.attributes


def test_markup_in_a_name_stays_text() -> None:
    rude = '<script>alert(1)</script> & "Út" <img src=x onerror=y> {{ 7 * 7 }} </style>'

    letter = write_digest(replace(digest(replace(LATE, name=rude, why=rude)), to_name=rude, office_name=rude))
    reading = Reading(letter.html)

    assert reading.tags & {"script", "img"} == set()
    assert reading.text.count(rude) == 5
    assert f"Kính gửi anh/chị {rude}," in letter.text.replace("\n", " ")


def test_line_breaks_in_a_name_start_no_header() -> None:
    broken = "Bình\r\nBcc: ke.la@example.org\u2028X: y\u202e"

    letter = write_urgent(replace(LATE, task=broken, code=broken), Cover(**COVER | {"to_name": broken}))
    message = letter.addressed(key="k", to_address="a@example.vn", to_name="", created_at=COVER["created_at"])

    assert message.subject.startswith("Quá hạn 2 ngày làm việc: Bình Bcc: ke.la@example.org X: y – Bình Bcc:")
    assert letter.text.startswith("Kính gửi anh/chị Bình Bcc: ke.la@example.org X: y,\n")
    assert not any(line.startswith("Bcc") for line in letter.text.splitlines())


def test_decomposed_names_come_out_composed_and_both_letters_d_stay() -> None:
    name = "Đỗ Ðình Phượng"

    letter = write_digest(replace(digest(LATE), to_name=unicodedata.normalize("NFD", name)))

    assert letter.text.startswith("Kính gửi anh/chị Đỗ Ðình Phượng,\n")
    assert Reading(letter.html).text.count("Đỗ Ðình Phượng") == 1


def test_very_long_names_are_cut_between_words() -> None:
    long = replace(LATE, name="thiết bị đóng gói " * 100, task="Trả kết quả thẩm định " * 50)

    letter = write_urgent(long, Cover(**COVER))

    assert len(letter.subject) < 160
    assert max(len(line) for line in letter.text.splitlines()) <= 78
    assert "đóng gói thiết…" in letter.text.replace("\n              ", " ")


def test_reader_without_a_name_is_greeted_all_the_same() -> None:
    letter = write_digest(replace(digest(LATE), to_name="  "))

    assert letter.text.startswith("Kính gửi anh/chị,\n")


def test_nothing_to_say_is_refused() -> None:
    with pytest.raises(BadMessage) as empty_digest:
        digest()
    with pytest.raises(BadMessage) as empty_escalation:
        write_escalation((), Cover(**COVER))

    assert empty_digest.value.args == ("Thư tổng hợp không có việc nào; không soạn thư trống.",)
    assert empty_escalation.value.args == ("Thư báo cấp trên không có việc nào; không soạn thư trống.",)


@pytest.mark.parametrize("link", ["javascript:alert(1)", "https://a b", 'https://a"b', "https://ă.vn", "", "//a.vn/x"])
@pytest.mark.parametrize("field", ["link", "acknowledge_link", "snooze_link"])
def test_link_that_is_none_is_refused(field: str, link: str) -> None:
    changes: dict[str, Any] = {field: link}

    with pytest.raises(BadMessage, match="Đường dẫn trong thư phải bắt đầu bằng https"):
        replace(LATE, **changes)


@pytest.mark.parametrize("field", ["obligation_id", "code", "task", "deadline_key"])
def test_missing_text_is_refused(field: str) -> None:
    changes: dict[str, Any] = {field: " "}

    with pytest.raises(BadMessage, match="còn trống; hãy điền trước khi soạn thư"):
        replace(LATE, **changes)


def test_naive_time_is_refused() -> None:
    with pytest.raises(BadMessage, match="phải có múi giờ"):
        Cover(**COVER | {"created_at": datetime(2026, 8, 5, 7, 30)})  # noqa: DTZ001


def test_letter_belongs_to_the_thread_of_its_only_project() -> None:
    one = write_digest(digest(LATE, replace(LATE, obligation_id="b")))
    several = write_digest(digest(LATE, ROLLED))

    assert (one.references, several.references) == (("project:KC-VL-2026-014",), ())


@pytest.mark.parametrize(
    ("link", "header"),
    [(f"{BASE}/thoi?t=1", f"{BASE}/thoi?t=1"), ("http://noi-bo.example.vn/thoi", None), (None, None)],
)
def test_header_offers_unsubscribing_through_https_only(link: str | None, header: str | None) -> None:
    letter: Letter = write_digest(replace(digest(LATE), unsubscribe_link=link))

    assert letter.unsubscribe == header
    assert (f"Thôi nhận thư này: {link}\n" in letter.text) == (link is not None)
