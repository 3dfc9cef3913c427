"""What attackers and odd requests try: no door opens further, nothing breaks, and nobody's work is written over."""

from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from models.append import Origin
from models.beneficiaries import edit_beneficiary
from models.desk.credentials import hash_password, set_password
from models.loading import load_person
from models.people import add_person, edit_person
from models.projects import amend
from states.standing_in import Absence, refuse_absence
from states.vocabulary import Role
from tests.web.reading import read

LONG = 2**63
MANY_WORDS = "+".join(f"a{number}" for number in range(1200))


def person(web: Any, code: str) -> Any:
    with web.office.store.read() as session:
        return load_person(session, code)


# --- odd requests -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/login?next=//[", "/login/code?next=//[", "/login?next=http://[x"])
def test_address_to_go_on_to_that_is_none_leads_home(web: Any, path: str) -> None:
    assert web.by().get(path).status_code in (200, 303)


@pytest.mark.parametrize(
    "path",
    [
        f"/log/events/{LONG}",
        f"/reports/{LONG}",
        f"/reports/{LONG}/differences",
        f"/reminders/outbox/{LONG}",
        "/calendar/count?how=add&start=2024-01-01&number=" + "9" * 5000,
        f"/directory?words={MANY_WORDS}",
        f"/directory/places?words={MANY_WORDS}",
        f"/rules/ceilings?activity=machinery&cost=1&ask=1&place={MANY_WORDS}",
        "/api/v1/outbox?since=0001-01-01",
        "/api/v1/events?since=0001-01-01",
        "/api/v1/events?until=9999-12-31",
    ],
)
def test_figures_beyond_every_bound_are_refused_and_break_nothing(web: Any, path: str) -> None:
    assert 400 <= web.by("binh").get(path).status_code < 500


@pytest.mark.parametrize("path", ["/projects/%00", "/projects?words=a%00b", "/login?next=%00"])
def test_letter_that_no_database_holds_is_refused_at_the_door(web: Any, path: str) -> None:
    assert web.by("binh").get(path).status_code == 400


def test_beneficiary_searched_with_a_pasted_text_keeps_the_form(web: Any) -> None:
    typed = {"find": "1", "find_beneficiary": MANY_WORDS.replace("+", " "), "name": "Hỗ trợ máy sấy"}

    answer = web.by("an").post("/projects/new", data=typed)

    assert answer.status_code == 200
    assert "Hỗ trợ máy sấy" in answer.text
    assert "Từ khóa quá dài" in answer.text


@pytest.mark.parametrize("seconds", ["61", "000000001999", "0"])
def test_nobody_keeps_the_only_search_busy_for_hours(web: Any, seconds: str) -> None:
    answer = web.by("em").post("/plans/2024/local/suggest", data={"seconds": seconds})

    assert answer.status_code == 409
    assert "từ 1 đến 60" in answer.text


# --- what leaves the machine --------------------------------------------------------------------------


def test_mistake_of_ours_carries_every_header(web: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.pages.me.person", lambda *_: 1 / 0)
    browser = web.by("binh")
    browser._transport.raise_server_exceptions = False

    answer = browser.get("/me")

    assert answer.status_code == 500
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


def test_mistake_of_the_database_tells_no_value(web: Any) -> None:
    with pytest.raises(DBAPIError) as broken, web.office.store.read() as session:
        session.connection().exec_driver_sql("SELECT ? FROM nowhere", ("argon2id-cua-ai-do",))

    assert "argon2id-cua-ai-do" not in str(broken.value)


def test_secret_of_a_webhook_is_not_kept_for_a_repetition(web: Any) -> None:
    giang = web.by("giang")
    asked = {"name": "Trục liên thông", "url": "https://lgsp.example/dean", "topics": ["project"]}
    headers = {"Idempotency-Key": "k-1"}

    first = giang.post("/api/v1/webhooks", json=asked, headers=headers)
    again = giang.post("/api/v1/webhooks", json=asked, headers=headers)

    assert (first.status_code, again.status_code) == (201, 409)
    assert first.json()["secret"] not in str(web.office.everything()["idempotency_key"])
    assert len(giang.get("/api/v1/webhooks").json()["webhooks"]) == 1


# --- guessing -----------------------------------------------------------------------------------------


def test_guesses_are_counted_for_the_person_that_is_meant(web: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database may take other letters for the same: they are no further guesses."""
    hashed = hash_password("con trâu đi trước", code="binh")
    with web.office.store.write() as session:
        set_password(session, person(web, "binh").id, hashed, at=web.office.at)
    monkeypatch.setattr("web.pages.entrance.known_as", lambda *_: "binh")

    tries = [web.by().post("/login", data={"name": f"b{'İ' * n}nh", "password": "sai rồi"}) for n in range(6)]

    assert [answer.status_code for answer in tries] == [403] * 5 + [429]


# --- the second of two --------------------------------------------------------------------------------


def amended(web: Any, code: str, **values: Any) -> None:
    with web.office.store.write() as session:
        amend(session, code, values, by=person(web, "an"), origin=origin_of(web, "an"))


def origin_of(web: Any, code: str) -> Origin:
    return Origin(web.office.at, person(web, code).id, "test")


def test_edit_that_was_mistyped_does_not_pass_over_what_another_wrote_meanwhile(web: Any) -> None:
    code = web.office.open()
    browser, path = web.by("an"), f"/projects/{code}/edit"
    form = read(browser.get(path).text).form(path)
    amended(web, code, partner="Hội Làng nghề")

    mistyped = browser.post(path, data=form.filled(total_cost="nhiều"))
    mended = read(mistyped.text).form(path).filled(total_cost="700000000")
    second = browser.post(path, data=mended)

    assert (mistyped.status_code, second.status_code) == (409, 409)
    assert "vừa được" in second.text
    # Told now, the person may go on from what stands.
    assert read(second.text).form(path).fields["seen"] != form.fields["seen"]


def test_step_that_was_mistyped_does_not_pass_over_what_another_wrote_meanwhile(web: Any) -> None:
    code = web.office.open()
    browser, path = web.by("an"), f"/projects/{code}/steps/submit"
    form = read(browser.get(path).text).form(path)
    amended(web, code, partner="Hội Làng nghề")

    mistyped = browser.post(path, data=form.filled(decided_on="hôm qua"))
    second = browser.post(path, data=read(mistyped.text).form(path).filled(decided_on=""))

    assert (mistyped.status_code, second.status_code) == (409, 409)
    assert "vừa được" in second.text


def test_person_that_was_mistyped_does_not_pass_over_what_another_wrote_meanwhile(web: Any) -> None:
    browser, path = web.by("giang"), "/people/dung"
    form = read(browser.get(path).text).form(path)
    with web.office.store.write() as session:
        edit_person(session, "dung", origin_of(web, "giang"), role=Role.AUDITOR)

    mistyped = browser.post(path, data=form.filled(email="không phải thư"))
    second = browser.post(path, data=read(mistyped.text).form(path).filled(email="dung@example.vn"))

    assert (mistyped.status_code, second.status_code) == (409, 409)
    assert person(web, "dung").role is Role.AUDITOR


def test_beneficiary_is_not_written_over_what_another_wrote_meanwhile(web: Any) -> None:
    number = web.office.workshop("Cơ sở Cũ")
    browser, path = web.by("binh"), f"/directory/beneficiaries/{number}/edit"
    form = read(browser.get(path).text).form(path)
    with web.office.store.write() as session:
        changes = {"women_owned": True}
        edit_beneficiary(session, number, changes, by=person(web, "giang"), origin=origin_of(web, "giang"))

    first = browser.post(path, data=form.filled(name="Cơ sở Mới"))
    second = browser.post(path, data=read(first.text).form(path).filled(name="Cơ sở Mới"))

    assert (first.status_code, second.status_code) == (409, 303)
    assert "vừa được người khác sửa" in first.text


# --- outside the scope --------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "hidden"), [("yen", "an"), ("hanh", "yen"), ("an", "hanh")])
def test_stand_ins_that_the_rules_refuse_are_not_named(web: Any, who: str, hidden: str) -> None:
    page = web.by(who).get("/reminders/preferences")

    assert f'value="{hidden}"' not in page.text
    assert 'value="binh"' in page.text


def test_viewer_of_another_commune_does_not_read_in_anybodys_place(web: Any) -> None:
    with web.office.store.write() as session:
        add_person(session, "khoa", "Đỗ Khoa", Role.COMMUNE_VIEWER, origin_of(web, "giang"), place="vlm-p-long-chau")
        add_person(session, "lan", "Võ Lan", Role.COMMUNE_VIEWER, origin_of(web, "giang"), place=elsewhere(session))
    people = {code: person(web, code) for code in ("khoa", "lan")}
    absence = Absence(person="khoa", substitute="lan", first_on=web.office.today, last_on=web.office.today)

    assert "không được xem" in " ".join(refuse_absence(absence, [], people))


def elsewhere(session: Any) -> str:
    sql = "SELECT code FROM place WHERE level = 'commune' AND valid_to IS NULL AND code <> 'vlm-p-long-chau' LIMIT 1"
    return str(session.connection().exec_driver_sql(sql).scalar_one())


# --- the guard before the programming interface -------------------------------------------------------


@pytest.mark.parametrize("path", ["/api/v1/projects", "/api/v1/nowhere"])
def test_guard_answers_programs_in_their_form(web: Any, path: str) -> None:
    browser = web.by("binh")

    too_large = browser.post(path, content=b"x" * (27 * 1024 * 1024))
    unannounced = browser.post(path, content=iter([b"x" * 1024 * 1024] * 27))
    foreign = browser.post(path, json={}, headers={"sec-fetch-site": "cross-site"})

    assert [answer.status_code for answer in (too_large, foreign)] == [413, 403]
    assert unannounced.status_code in (404, 405, 413)
    for answer in (too_large, unannounced, foreign):
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_guard_answers_people_in_plain_words(web: Any) -> None:
    answer = web.by("binh").post("/logout", headers={"sec-fetch-site": "cross-site"})

    assert (answer.status_code, answer.headers["content-type"]) == (403, "text/plain; charset=utf-8")
