"""The page for everybody: there only when a leader opened it, and then with what a night published and nothing else."""

import json
from typing import Any

import pytest

from models.desk.publication import publish as open_page
from models.loading import load_person
from models.mart import publish
from tests.web.reading import read

P = "KC-VL-2021-2025"
AT = f"/public/{P}"


def opened(web: Any, *, with_night: bool = True) -> None:
    office = web.office
    with office.store.write() as session:
        open_page(session, P, shown=True, by=load_person(session, "chi"), origin=office.origin)
    if with_night:
        publish(office.store, office.store.files.parent, as_of=office.today, at=office.at)


@pytest.fixture
def granted(web: Any) -> tuple[str, str, str]:
    """One project that was approved, one only handed in, one still a draft; each of a household with a name."""
    office = web.office
    firms = [office.workshop(name) for name in ("Hộ Nguyễn Thị Mật", "Hộ Trần Văn Kín", "Hộ Lê Riêng")]
    stages = ("approved", "submitted", "draft")
    names = ("Máy sấy công khai", "Máy ép chưa duyệt", "Máy nháp bí mật")
    made = [office.open(name=name, beneficiaries=(firm,)) for name, firm in zip(names, firms, strict=True)]
    return tuple(office.bring(code, stage) for code, stage in zip(made, stages, strict=True))


@pytest.mark.parametrize("path", [AT, f"{AT}.json", "/public/X", "/public/X.json"])
def test_page_that_nobody_opened_is_not_there(web: Any, path: str) -> None:
    answer = web.by().get(path)

    assert answer.status_code == 404
    assert "Không có trang công khai này" in answer.text


def test_open_page_before_the_first_night_says_that_figures_come(web: Any) -> None:
    opened(web, with_night=False)

    assert "sau lần chạy ban đêm đầu tiên" in read(web.by().get(AT).text).text
    assert web.by().get(f"{AT}.json").json() == {"programme": P, "cutoff": None, "projects": []}


def test_strangers_read_figures_with_their_cut_off(web: Any, granted: tuple[str, str, str]) -> None:
    opened(web)

    answer = web.by().get(AT)
    page = read(answer.text)

    assert answer.status_code == 200
    assert f"công bố đêm {web.office.today:%d/%m/%Y}" in page.text
    [row] = [row for table in page.tables for row in table if row and row[0].startswith("T2_2")]
    assert row[2:] == ["50", "1", "0", "0", "0%"]
    for mark in (
        "cutoff",
        "target-T2_2",
        "target-T2_2-approved",
        "content-2-local_fund-approved",
        f"project-{granted[0]}",
    ):
        assert f'id="{mark}"' in answer.text


def test_strangers_read_nothing_that_was_not_granted_and_no_names(web: Any, granted: tuple[str, str, str]) -> None:
    opened(web)
    approved, submitted, draft = granted

    for text in (web.by().get(AT).text, web.by().get(f"{AT}.json").text):
        assert (approved in text, submitted in text, draft in text) == (True, False, False)
        assert "Máy sấy công khai" in text
        for secret in ("Máy ép chưa duyệt", "Máy nháp bí mật", "Mật", "Kín", "Riêng", "Nguyễn Văn An", "9900912345"):
            assert secret not in text, secret
        # What was asked for would show in the sum of what is planned.
        assert "planned" not in text
        assert "Đã lên kế hoạch" not in text


def test_twin_in_json_says_the_same(web: Any, granted: tuple[str, str, str]) -> None:
    opened(web)

    answer = web.by().get(f"{AT}.json")
    told = answer.json()

    assert answer.headers["content-type"] == "application/json"
    assert told["money"]["local_fund"] == {
        "budget": 23_320_000_000,
        "approved": 300_000_000,
        "implemented": 0,
        "settled": 0,
    }
    assert [row["code"] for row in told["projects"]] == [granted[0]]
    assert told["cutoff"]["event"] > 0
    assert json.dumps(told)


def test_page_stays_as_the_night_left_it(web: Any, granted: tuple[str, str, str]) -> None:
    opened(web)
    before = web.by().get(f"{AT}.json").json()

    web.office.bring(granted[1], "approved")

    assert web.by().get(f"{AT}.json").json() == before


def test_closed_page_is_gone_for_everybody(web: Any) -> None:
    opened(web)
    with web.office.store.write() as session:
        open_page(session, P, shown=False, by=load_person(session, "chi"), origin=web.office.origin)

    assert [web.by(who).get(AT).status_code for who in (None, "chi", "em")] == [404, 404, 404]


def test_page_changes_nothing_and_is_read_only(web: Any) -> None:
    opened(web)
    before = web.office.everything()

    web.by().get(AT)

    assert web.office.everything() == before
    assert web.by().post(AT).status_code == 405
