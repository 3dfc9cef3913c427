"""My tokens and my calendar: made and shown once, withdrawn, and what a calendar program gets."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from tests.web.reading import read


def feed_path(web: Any, code: str) -> str:
    """Make a person's calendar address on the page, and answer with its path."""
    page: str = web.by(code).post("/me/feed").text
    start = page.index("/feeds/")
    return page[start : page.index(".ics", start)] + ".ics"


def entries(web: Any, path: str) -> dict[str, Any]:
    """The entries of a calendar by their titles."""
    answer = web.by().get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    return {str(entry["SUMMARY"]): entry for entry in Calendar.from_ical(answer.content).walk("VEVENT")}


def test_token_is_shown_once_works_and_is_withdrawn(web: Any) -> None:
    browser = web.by("binh")
    made = browser.post("/me/tokens", data={"name": "Đồng bộ", "expires_on": "30/03/2024", "scopes": ["read"]})
    start = made.text.index("<code>dean_") + len("<code>")
    token = made.text[start : made.text.index("</code>", start)]
    program = web.by()
    program.headers["authorization"] = f"Bearer {token}"

    before = program.get("/api/v1/projects").status_code
    page = browser.get("/me/tokens").text
    [revoke] = [form.action for form in read(page).forms if form.action.endswith("/revoke")]
    browser.post(revoke)

    assert (made.status_code, before, token in page) == (200, 200, False)
    assert program.get("/api/v1/projects").status_code == 401


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": "", "expires_on": "30/03/2024", "scopes": ["read"]}, "name"),
        ({"name": "A", "expires_on": "30/03/2024"}, "scopes"),
        ({"name": "A", "expires_on": "30/03/2034", "scopes": ["read"]}, "expires_on"),
    ],
    ids=["nameless", "scopeless", "too-far"],
)
def test_refused_token_keeps_what_was_typed(web: Any, typed: dict[str, Any], field: str) -> None:
    answer = web.by("binh").post("/me/tokens", data=typed)

    form = read(answer.text).form("/me/tokens")
    assert (answer.status_code, form.fields["expires_on"]) == (409, [typed["expires_on"]])
    assert f'href="#field-{field}"' in answer.text


def test_nobody_withdraws_the_token_of_another(web: Any) -> None:
    browser = web.by("binh")
    browser.post("/me/tokens", data={"name": "A", "expires_on": "30/03/2024", "scopes": ["read"]})
    [revoke] = [form.action for form in read(browser.get("/me/tokens").text).forms if form.action.endswith("/revoke")]

    assert web.by("chi").post(revoke).status_code == 409
    assert revoke in browser.get("/me/tokens").text


def test_calendar_has_the_deadlines_in_the_scope_of_its_person(web: Any) -> None:
    code = web.office.submitted_in_2026(name="Hỗ trợ máy dệt chiếu; lác, cói \\ sợi " + "rất dài " * 20)

    seen = {who: entries(web, feed_path(web, who)) for who in ("an", "yen", "hanh")}

    assert {who: len(found) for who, found in seen.items()} == {"an": 1, "yen": 0, "hanh": 0}
    [(title, entry)] = seen["an"].items()
    assert (title.startswith("Hạn: "), title.endswith(code)) == (True, True)
    assert str(entry["DTSTART"].dt) == "2026-03-10"
    assert str(entry["URL"]).endswith(f"/projects/{code}")


def test_lines_of_a_calendar_are_no_longer_than_programs_take(web: Any) -> None:
    web.office.submitted_in_2026(name="Hỗ trợ máy dệt chiếu " + "rất dài " * 20)

    content = web.by().get(feed_path(web, "an")).content

    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert content.endswith(b"END:VCALENDAR\r\n")


def test_calendar_that_did_not_change_is_not_sent_again(web: Any) -> None:
    web.office.submitted_in_2026()
    path, program = feed_path(web, "an"), web.by()

    first = program.get(path)
    web.office.at += timedelta(minutes=20)
    again = program.get(path, headers={"if-none-match": first.headers["etag"]})

    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])


def test_deadline_that_moves_keeps_its_name_and_gets_a_higher_sequence(web: Any) -> None:
    code = web.office.submitted_in_2026()
    path = feed_path(web, "an")
    [before] = entries(web, path).values()
    web.office.at = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)
    browser = web.by("giang")
    browser.post("/calendar/days", data={"day": "09/03/2026", "kind": "off", "basis": "TB 1", "name": "Nghỉ bù"})

    [after] = entries(web, path).values()

    assert (code in str(after["SUMMARY"]), str(after["UID"])) == (True, str(before["UID"]))
    assert after["DTSTART"].dt > before["DTSTART"].dt
    assert after["SEQUENCE"] > before["SEQUENCE"]


@pytest.mark.parametrize("end", ["withdrawn", "made-anew", "locked", "forged"])
def test_address_that_ended_opens_nothing(web: Any, end: str) -> None:
    path = feed_path(web, "an")
    assert web.by().get(path).status_code == 200

    if end == "withdrawn":
        web.by("an").post("/me/feed/end")
    elif end == "made-anew":
        feed_path(web, "an")
    elif end == "locked":
        from models.people import edit_person

        with web.office.store.write() as session:
            edit_person(session, "an", web.office.origin, active=False)
    else:
        path = path.replace(".ics", "x.ics")

    assert web.by().get(path).status_code == 404


def test_address_of_a_calendar_is_kept_nowhere(web: Any) -> None:
    secret = feed_path(web, "an").removeprefix("/feeds/").removesuffix(".ics")

    assert secret not in str(web.office.everything())
