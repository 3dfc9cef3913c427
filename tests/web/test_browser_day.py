"""A whole day at the desk: a đề án from the first draft to its settlement, by what the pages say and nothing else."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from models.desk.credentials import hash_password, set_password
from models.loading import load_person
from states.vocabulary import Source, Stage
from states.words import format_date
from tests.web.browsing import Hand, KeyboardHand

pytestmark = pytest.mark.browser

PASSWORD = "trời xanh mây trắng 2026"
NAME = "Hỗ trợ máy tách hạt điều tự động"
PAPER = "Có bản giấy, không kèm tệp "
SIGNER = {"Người ký": "Lê Minh Chi"}


@pytest.fixture(scope="module")
def hashed() -> str:
    return hash_password(PASSWORD, code="binh")


@dataclass
class Day:
    """A day of the office: everyone comes in by the door once and stays; each step is a minute after the last one."""

    surfer: Any
    hashed: str
    kind: type[Hand] = Hand
    scripts: bool = True
    hands: dict[str, Hand] = field(default_factory=dict)
    code: str = ""

    @property
    def office(self) -> Any:
        return self.surfer.office

    @property
    def today(self) -> str:
        return format_date(self.office.today)

    def as_(self, who: str) -> Hand:
        self.office.at += timedelta(minutes=1)
        if who not in self.hands:
            self.hands[who] = self._come_in(who)
        return self.hands[who]

    def _come_in(self, who: str) -> Hand:
        with self.office.store.write() as session:
            set_password(session, load_person(session, who).id, self.hashed, at=self.office.at)
        hand = self.kind(self.surfer.open(scripts=self.scripts))
        hand.go("/")
        hand.type("Tên đăng nhập", who)
        hand.type("Mật khẩu", PASSWORD)
        hand.press("Đăng nhập")
        assert hand.page.get_by_role("heading", level=1).inner_text().startswith("Hôm nay")
        return hand

    def at_the_project(self, who: str) -> Hand:
        hand = self.as_(who)
        hand.go(f"/projects/{self.code}")
        return hand

    def step(self, who: str, label: str, *papers: str, **typed: str) -> None:
        """Press the button of a step on the project's page and send its form; papers lie in the office."""
        hand = self.at_the_project(who)
        hand.follow(label)
        for words, text in typed.items():
            hand.type(words, text)
        for paper in papers:
            hand.tick(PAPER + paper)
        hand.press(f"Ghi bước «{label}»")
        assert hand.told().startswith(f"Đã ghi «{label}»"), hand.told()

    def stage(self) -> Stage:
        return self.office.stage(self.code)  # type: ignore[no-any-return]


def number(text: str, **more: str) -> dict[str, str]:
    return {"Số văn bản": text, **more}


def propose(day: Day, route: str) -> None:
    hand = day.as_("an")
    hand.go("/projects/new")
    hand.type("Tên đề án", NAME)
    hand.choose("Tuyến", route)
    hand.type("Năm kế hoạch", "2024")
    hand.choose("Nội dung của chương trình", hand.page.locator("#field-content option").nth(2).inner_text())
    hand.choose("Hoạt động", hand.page.locator("#field-activity option[value=machinery]").inner_text())
    hand.unfold("Đơn vị chưa có trong danh bạ")
    hand.type("Tên đầy đủ", "Cơ sở Hạt điều Tam Bình")
    hand.type(hand.page.locator("label[for=field-target_T2_2]").inner_text().strip(), "1")
    hand.type("Kinh phí khuyến công đề nghị hỗ trợ", "300 triệu")
    hand.type("Đối ứng của đơn vị thụ hưởng", "350 triệu")
    hand.type("Tổng kinh phí", "650.000.000")
    hand.press("Lưu bản nháp")
    found = re.search(r"/projects/([A-Z0-9-]+)$", hand.page.url)
    assert found, hand.page.locator("#main").inner_text()
    day.code = found[1]
    day.step("an", "Nộp hồ sơ", "đề án khuyến công", "văn bản đề nghị hỗ trợ của đơn vị thụ hưởng", **number("01/TTKC"))


def approve(day: Day) -> None:
    """The button of the project leads to the list, where it is ticked already."""
    hand = day.at_the_project("binh")
    hand.follow("Phê duyệt trong kế hoạch")
    hand.type("Số quyết định", "980/QĐ-UBND")
    hand.type("Ngày quyết định", day.today)
    hand.type("Người ký", "Lê Quang Trung")
    hand.type("Tổng hỗ trợ của tỉnh trên phụ lục (đồng)", "300 triệu")
    hand.press("Phê duyệt danh mục")
    hand.page.wait_for_url("**/approvals/decisions/*")


def begin(day: Day) -> None:
    contract = {"Số hợp đồng": "06/HĐ-KC", "Ngày ký": day.today}
    day.step("chi", "Ký hợp đồng", **contract, **SIGNER)
    day.step("an", "Bắt đầu thực hiện", **number("07/KH"))


def complete(day: Day, accepted: dict[str, str], elsewhere: dict[str, str] | None = None) -> None:
    """From the report of completion to the settlement; all that is accepted and not prepaid is paid.

    What another body decides is dated as its paper is (`elsewhere`); our own papers are of today.
    """
    theirs = elsewhere or {}
    day.step("an", "Báo cáo hoàn thành", "bảng kê chứng từ", **number("08/BC"))
    day.step("chi", "Nghiệm thu đạt", **number("09/BBNT"), **SIGNER, **accepted)
    day.step("dung", "Thanh toán", **number("10/UNC"), **theirs)
    day.step("an", "Nộp hồ sơ quyết toán", **number("11/ĐNTT"))
    day.step("dung", "Quyết toán, thanh lý", **number("12/TL"), **SIGNER, **theirs)


def closes(day: Day, **cash: int) -> None:
    """Settled, nothing left open from any source, and the register stands up to every check."""
    approved = {"asked": 300, "appraised": 300, "approved": 300, "contracted": 300, "accepted": 300, "settled": 300}
    counterpart = dict.fromkeys((*approved, "paid"), 350)

    assert day.stage() is Stage.SETTLED
    assert day.office.waterfall(day.code) == approved | cash
    assert day.office.waterfall(day.code, Source.COUNTERPART) == counterpart
    day.office.prove()


MODES: dict[str, dict[str, Any]] = {
    "mouse": {},
    "no_scripts": {"scripts": False},
    "keyboard": {"kind": KeyboardHand},
}


@pytest.mark.parametrize("mode", MODES)
def test_local_project_goes_from_draft_to_settlement_in_a_day(surfer: Any, hashed: str, mode: str) -> None:
    day = Day(surfer, hashed, **MODES[mode])

    propose(day, "Khuyến công địa phương")
    day.step("binh", "Bắt đầu thẩm định", **number("02/SCT"))
    day.step("chi", "Đạt thẩm định ở Sở", **number("03/BB-SCT"), **SIGNER)
    day.step("binh", "Gửi Sở Tài chính thẩm định", "dự toán kinh phí", **number("04/TTr-SCT"), **SIGNER)
    outside = {"Ngày trên văn bản": day.today, "Người ký": "Phạm Văn Tài"}
    day.step("binh", "Cấp trên thẩm định đạt", **number("05/STC"), **outside)
    approve(day)
    begin(day)
    prepaid = {"Số tiền, nguồn KC địa phương": "150 triệu"}
    day.step("dung", "Tạm ứng", "đề nghị tạm ứng", **number("20/UNC"), **prepaid)
    complete(day, {"Chi phí hợp lệ được nghiệm thu": "650 triệu"})

    closes(day, prepaid=150, paid=150)


def test_national_project_goes_from_draft_to_settlement_in_a_day(surfer: Any, hashed: str) -> None:
    day = Day(surfer, hashed)

    propose(day, "Khuyến công quốc gia")
    day.step("binh", "Bắt đầu thẩm định", **number("02/SCT"))
    day.step("chi", "Đạt thẩm định ở Sở", **number("03/BB-SCT"), **SIGNER)
    day.step("binh", "Gửi Cục thẩm định", "bảng tổng hợp Mẫu số 2", **number("04/SCT"), **SIGNER)
    outside = {"Ngày trên văn bản": day.today, "Người ký": "Ngô Quang Cục"}
    day.step("binh", "Cấp trên thẩm định đạt", **number("05/CTĐP"), **outside)
    approve(day)
    begin(day)
    amounts = {"Số tiền, nguồn KC quốc gia": "300 triệu", "Số tiền, nguồn Đối ứng": "350 triệu"}
    complete(day, amounts, elsewhere={"Ngày trên văn bản": day.today})

    closes(day, paid=300)
