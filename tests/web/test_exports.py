"""Tables as files from the pages and the interface for programs: the same filters, and nobody sees more than before."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from models.append import Origin
from models.loading import load_person
from models.mart import publish
from models.reminders.sweep import sweep
from models.report.freezing import freeze
from states.periods import read_period
from states.vocabulary import Route
from tests.web.reading import read

PROGRAMME = "KC-VL-2021-2025"
HERE, THERE = "Máy của Long Châu", "Máy của nơi khác"


@pytest.fixture
def codes(web: Any) -> dict[str, str]:
    """A project in Long Châu and one elsewhere, both of the centre, both approved."""
    office = web.office
    here = office.bring(office.open(name=HERE, place="vlm-p-long-chau"), "approved")
    there = office.bring(office.open(name=THERE), "approved")
    return {"here": here, "there": there}


def lines(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return answer.content.decode("utf-8-sig").splitlines()  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("form", "media_type", "begins"),
    [
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
        ("csv", "text/csv; charset=utf-8", b"\xef\xbb\xbf"),
        ("pdf", "application/pdf", b"%PDF"),
        ("json", "application/json", b"{"),
    ],
)
def test_register_is_sent_as_a_file_to_be_saved(
    web: Any, codes: dict[str, str], form: str, media_type: str, begins: bytes
) -> None:
    answer = web.by("binh").get(f"/exports/register/{form}")

    assert (answer.headers["content-type"], answer.content[: len(begins)]) == (media_type, begins)
    name = f"danh-muc-de-an_{web.office.today:%Y%m%d}.{form}"
    assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{name}"
    assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")


def test_register_takes_the_filters_of_the_list(web: Any, codes: dict[str, str]) -> None:
    browser = web.by("binh")

    found = lines(browser.get("/exports/register/csv?words=long chau&sort=-amount&year=2024"))
    wrong = browser.get("/exports/register/csv?year=hai nghìn")
    unknown = browser.get("/exports/register/csv?place=khong-co")

    assert [HERE in line for line in found[1:]] == [True]
    assert (wrong.status_code, "Năm phải là một số" in wrong.text) == (404, True)
    assert unknown.status_code == 404


def test_register_longer_than_a_page_writes_is_refused(
    web: Any, codes: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.pages.exports.MOST_ROWS", 1)

    answer = web.by("binh").get("/exports/register/xlsx")

    assert (answer.status_code, "trang tải nhiều nhất 1" in answer.text) == (404, True)


ADDRESSES = (
    "/exports/register/{form}",
    "/exports/plan/2024/local/{form}?now=1",
    "/exports/consolidated/2024/local/{form}?now=1",
    f"/exports/settlement/{{form}}?programme={PROGRAMME}",
)


@pytest.mark.parametrize("form", ["csv", "json"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_outsiders_get_neither_rows_nor_sums_of_others(
    web: Any, codes: dict[str, str], address: str, form: str
) -> None:
    files = {who: web.by(who).get(address.format(form=form)).text for who in ("binh", "hanh", "yen")}

    for word in (THERE, codes["there"]):
        assert word not in files["hanh"] + files["yen"]
    for word in (HERE, codes["here"]):
        assert word not in files["yen"]
    # 300 triệu each: neither the other's share nor the sum of both tells of the other.
    assert ("600000000" in files["hanh"], "300000000" in files["yen"]) == (False, False)
    assert "300000000" in files["hanh"]
    assert files["binh"] != files["hanh"]


@pytest.mark.parametrize(("who", "projects"), [("binh", 2), ("hanh", 1), ("yen", 0)])
def test_programme_adds_up_what_its_reader_sees(web: Any, codes: dict[str, str], who: str, projects: int) -> None:
    found = web.by(who).get(f"/exports/programme/{PROGRAMME}/json").json()

    assert found["money"]["total"]["approved"] == projects * 650_000_000
    assert (found["limited_to"] is None) == (who == "binh")


def test_version_that_is_not_there_is_not_found(web: Any, codes: dict[str, str]) -> None:
    answer = web.by("binh").get("/exports/plan/2024/local/json?version=1")

    assert (answer.status_code, "kế hoạch" in answer.text.lower()) == (404, True)


def test_calendar_of_a_project_is_for_who_sees_it(web: Any, codes: dict[str, str]) -> None:
    mine = web.by("hanh").get(f"/exports/calendar/{codes['here']}")
    others = [
        web.by("hanh").get(f"/exports/calendar/{codes['there']}"),
        web.by("yen").get(f"/exports/calendar/{codes['here']}"),
    ]

    assert mine.headers["content-type"] == "text/calendar; charset=utf-8"
    assert mine.text.startswith("BEGIN:VCALENDAR")
    assert [answer.status_code for answer in others] == [404, 404]


def test_reminders_are_sent_to_those_who_watch(web: Any) -> None:
    web.office.submitted_in_2026()
    with web.office.store.write() as session:
        sweep(session, as_of=date(2026, 3, 5), at=datetime(2026, 3, 5, 1, 0, tzinfo=UTC))

    found = lines(web.by("em").get("/exports/reminders/csv?who=binh&since=01/01/2026"))
    shut = web.by("an").get("/exports/reminders/csv")

    assert {line.split(",")[2] for line in found[1:]} == {'"Trần Thị Bình"'}
    assert shut.status_code == 403


def test_open_data_are_for_those_who_read_all(web: Any) -> None:
    missing = web.by("em").get("/exports/mart")
    home = web.app.state.desk.settings.home
    publish(web.office.store, home, as_of=web.office.today, at=web.office.at)

    file = web.by("em").get("/exports/mart")
    told = web.by("em").get("/exports/mart/description").json()
    shut = [web.by(who).get("/exports/mart").status_code for who in ("an", "hanh")]

    assert (missing.status_code, "Chưa có tệp số liệu nào" in missing.text) == (400, True)
    assert (file.content[:15], len(file.content)) == (b"SQLite format 3", told["bytes"])
    assert {each["name"] for each in told["resources"]} >= {"project", "money", "rollup"}
    assert shut == [403, 403]


@pytest.mark.parametrize(
    ("who", "page", "link"),
    [
        ("hanh", "/projects?year=2024", "/exports/register/xlsx?year=2024"),
        ("binh", "/plans/2024/local?now=1", "/exports/plan/2024/local/pdf?now=1"),
        ("binh", "/plans/2024/local", "/exports/consolidated/2024/local/csv"),
        ("hanh", f"/programme/{PROGRAMME}", f"/exports/settlement/xlsx?programme={PROGRAMME}"),
        ("em", "/reports", "/exports"),
        ("em", "/exports", f"/exports/plan/2024/national/xlsx?programme={PROGRAMME}"),
    ],
)
def test_pages_offer_their_tables_and_every_link_leads_to_a_file(
    web: Any, codes: dict[str, str], who: str, page: str, link: str
) -> None:
    browser = web.by(who)

    found = read(browser.get(page).text).addresses

    assert link in found
    assert browser.get(link).status_code == 200


def test_list_of_exports_names_each_form_for_who_hears_it(web: Any) -> None:
    page = web.by("binh").get("/exports").text

    assert 'aria-label="PDF: Kế hoạch năm 2024, khuyến công địa phương"' in page
    assert "/exports/reminders/csv" in page
    assert "/exports/reminders/csv" not in web.by("dung").get("/exports").text


def test_frozen_report_is_sent_as_it_was_frozen(web: Any, codes: dict[str, str]) -> None:
    office = web.office
    with office.store.write() as session:
        coordinator = load_person(session, "binh")
        origin = Origin(datetime(2025, 1, 8, 2, 0, tzinfo=UTC), coordinator.id, "test")
        number = freeze(session, PROGRAMME, read_period("năm 2024"), by=coordinator, origin=origin).id
    office.step(codes["there"], "sign_contract", "chi", number="06/HĐ", signer="Lê Minh Chi")

    told = web.by("em").get(f"/exports/reports/{number}/json").json()
    projects = lines(web.by("em").get(f"/exports/reports/{number}/csv?part=3"))
    shut = web.by("an").get(f"/exports/reports/{number}/csv").status_code
    link = read(web.by("em").get(f"/reports/{number}").text).addresses

    assert (told["cutoff"]["frozen"], told["report"]["issue"], shut) == (True, 1, 403)
    assert ["Trong kế hoạch" in line for line in projects[1:]] == [True, True]
    assert "Số liệu chốt ngày 08/01/2025" in projects[1]
    assert f"/exports/reports/{number}/xlsx" in link


# --- for programs -------------------------------------------------------------------------------------


def test_programs_get_the_same_files(web: Any, codes: dict[str, str]) -> None:
    browser = web.by("binh")

    plain = browser.get("/api/v1/exports/register", params={"route": "local"}).json()
    file = browser.get("/api/v1/exports/register", params={"form": "csv", "route": "local"})
    page = browser.get("/exports/register/csv?route=local")

    assert [row["code"] for row in plain["rows"]] == list(codes.values())
    assert file.content == page.content
    assert plain["filters"] == {"route": str(Route.LOCAL)}


def test_programs_get_no_more_than_their_owner_sees(web: Any, codes: dict[str, str]) -> None:
    asked = ("register", "plan/2024/local?now=1", "consolidated/2024/local", f"settlement?programme={PROGRAMME}")

    told = {path: web.by("yen").get(f"/api/v1/exports/{path}") for path in asked}

    assert {path: answer.status_code for path, answer in told.items()} == dict.fromkeys(asked, 200)
    assert all("Máy của" not in answer.text and "300000000" not in answer.text for answer in told.values())
    assert json.loads(told["register"].text)["rows"] == []


def test_refusals_of_programs_are_problems(web: Any) -> None:
    answer = web.by("binh").get("/api/v1/exports/settlement")

    assert answer.headers["content-type"] == "application/problem+json"
    assert "Hãy chọn một chương trình" in answer.text
