"""What comes out of the printer: A4, with title and totals, table heads on every sheet, and nothing of the screen."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from states.vocabulary import Stage
from tests.web.prints import Sheet, printed

pytestmark = pytest.mark.browser

#: So many that each list needs several sheets.
MANY = 45
YEAR = 2023
#: What stands around every page on the screen, and on no paper.
SCREEN_ONLY = ("Đăng xuất", "English", "Phê duyệt theo danh mục", "Danh bạ", "Vận hành", "In trang này", "Bỏ lọc")


@pytest.fixture(scope="module")
def desk(open_desk: Callable[..., Any]) -> Iterator[Any]:
    """The sample, with a year of many: half of them cleared, half handed in and waiting for their check."""
    with open_desk() as (sample, surfer):
        office = sample.office
        codes = [
            office.open(
                name=f"Hỗ trợ máy công cụ số {number}",
                plan_year=YEAR,
                place="vlm-p-long-chau",
                beneficiaries=(office.workshop(f"Cơ sở Cơ khí số {number}"),),
            )
            for number in range(MANY)
        ]
        for number, code in enumerate(codes):
            office.bring(code, Stage.CLEARED if number % 2 else Stage.SUBMITTED)
        sample.named["many"] = "&".join(f"code={code}" for code in codes)
        yield sample, surfer


@pytest.fixture(scope="module")
def page(desk: Any) -> Page:
    window: Page = desk[1].open("binh")
    return window


@pytest.fixture
def on_paper(desk: Any, page: Page) -> Callable[[str], list[Sheet]]:
    """Print the page of an address; `{underway}` is a code of the sample."""

    def leafed(address: str) -> list[Sheet]:
        page.goto(address.format(**desk[0].named))
        return printed(page)

    return leafed


def bare(sheets: list[Sheet]) -> bool:
    """A4 throughout, and nothing on it that only a screen needs."""
    return all(sheet.is_a4 for sheet in sheets) and not any(
        sheet.says(word) for sheet in sheets for word in SCREEN_ONLY
    )


def test_list_repeats_its_head_and_ends_with_its_totals(on_paper: Callable[[str], list[Sheet]]) -> None:
    sheets = on_paper("/projects/print?{many}")

    assert bare(sheets)
    assert 2 <= len(sheets) <= 6
    assert sheets[0].says("Danh sách đề án khuyến công")
    assert sheets[0].says(f"{MANY} đề án")
    rows = [sheet for sheet in sheets if sheet.says("Hỗ trợ máy công cụ số")]
    assert len(rows) >= 2
    assert [sheet.says("STT") for sheet in rows] == [True] * len(rows)
    # 45 projects of 300 triệu beside 350.
    assert sheets[-1].says("13.500.000.000")
    assert sheets[-1].says("29.250.000.000")


def test_list_of_the_screen_prints_without_its_tools(on_paper: Callable[[str], list[Sheet]]) -> None:
    sheets = on_paper(f"/projects?year={YEAR}")

    assert bare(sheets)
    assert sheets[0].says("Đề án")
    assert any(sheet.says("Hỗ trợ máy công cụ số 7") for sheet in sheets)


def test_project_prints_as_a_sheet_about_it(on_paper: Callable[[str], list[Sheet]]) -> None:
    sheets = on_paper("/projects/{underway}")

    assert bare(sheets)
    assert 2 <= len(sheets) <= 6
    assert sheets[0].says("Hỗ trợ máy se chỉ xơ dừa")
    everything = "".join(sheet.text for sheet in sheets)
    whole = Sheet(0, 0, everything)
    wanted = ("Hồ sơ đề án", "Kinh phí đề án", "Giấy tờ", "Các thời hạn", "650.000.000", "Đã phê duyệt")
    assert [words for words in wanted if not whole.says(words)] == []
    assert not whole.says("Bước tiếp theo")


def test_plan_of_many_prints_across_with_heads_on_every_sheet(on_paper: Callable[[str], list[Sheet]]) -> None:
    sheets = on_paper(f"/plans/{YEAR}/local?whole=1")

    assert bare(sheets)
    assert all(sheet.width > sheet.height for sheet in sheets)
    assert sheets[0].says(f"Kế hoạch năm {YEAR}")
    planned = [sheet for sheet in sheets if sheet.says("Cơ sở Cơ khí số")]
    blocked = [sheet for sheet in sheets if sheet.says("Còn vướng")]
    assert (len(planned) >= 2, len(blocked) >= 2) == (True, True)
    assert [sheet.says("Tên đề án") for sheet in planned] == [True] * len(planned)


def test_annex_of_a_plan_has_its_columns_and_sums(on_paper: Callable[[str], list[Sheet]]) -> None:
    sheets = on_paper("/plans/2025/local?version=1")

    annex = next(sheet for sheet in sheets if sheet.says("Hỗ trợ máy sấy lạnh"))
    assert bare(sheets)
    assert annex.says("Tên đề án")
    assert any(sheet.says("Cộng 2 đề án") for sheet in sheets)


def test_proof_sheet_names_the_deadline_and_every_day(on_paper: Callable[[str], list[Sheet]]) -> None:
    sheets = on_paper("/projects/{submitted}/deadlines/D-CHECK")

    assert bare(sheets)
    assert len(sheets) <= 2
    whole = Sheet(0, 0, "".join(sheet.text for sheet in sheets))
    assert whole.says("Hỗ trợ máy tách hạt")
    assert [day for day in ("03/03/2026", "04/03/2026", "10/03/2026") if not whole.says(day)] == []
