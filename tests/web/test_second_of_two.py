"""Two browsers, or two programs, on one version: the first one wins, and the second is told and loses nothing."""

from datetime import datetime
from typing import Any

import pytest

from models.desk.tokens import make_token
from models.loading import load_person
from models.queries.rules import rule_named
from models.rulebook import rulebook
from states.scopes import ALL_SCOPES
from tests.web.reading import read


def rule(web: Any, code: str) -> dict[str, Any]:
    with web.office.store.read() as session:
        return rule_named(rulebook(session), code)[1]


def doubted(web: Any) -> str:
    """The code of a level that may still be changed."""
    with web.office.store.read() as session:
        return next(level.id for level in rulebook(session).ceilings if not level.verified)


def program(web: Any, code: str) -> Any:
    with web.office.store.write() as session:
        person = load_person(session, code)
        token = make_token(session, person, "thử", ALL_SCOPES, expires_on=web.office.today, at=web.office.at)
    client = web.by()
    client.headers.pop("sec-fetch-site")
    client.headers["authorization"] = f"Bearer {token}"
    return client


def test_rule_form_of_the_second_is_refused_and_told(web: Any) -> None:
    code = doubted(web)
    path = f"/rules/code/{code}"
    chi, giang = web.by("chi"), web.by("giang")
    theirs, mine = (read(browser.get(path).text).form(path) for browser in (chi, giang))

    first = chi.post(path, data=theirs.filled(notes="Của lãnh đạo", basis_remarks="QĐ 1"))
    second = giang.post(path, data=mine.filled(notes="Của quản trị", basis_remarks="QĐ 2"))
    informed = giang.post(path, data=read(second.text).form(path).filled())

    assert [answer.status_code for answer in (first, second, informed)] == [303, 409, 303]
    assert f"Quy định {code} vừa được Lê Minh Chi sửa" in second.text
    assert "Của quản trị" in second.text
    assert rule(web, code)["notes"] == "Của quản trị"


def test_mistyped_rule_form_stays_on_the_version_that_was_seen(web: Any) -> None:
    code = doubted(web)
    path = f"/rules/code/{code}"
    chi, giang = web.by("chi"), web.by("giang")
    theirs, mine = (read(browser.get(path).text).form(path) for browser in (chi, giang))
    chi.post(path, data=theirs.filled(notes="Của lãnh đạo", basis_remarks="QĐ 1"))

    mistyped = giang.post(path, data=mine.filled(until="mai kia", basis_remarks="QĐ 2"))
    second = giang.post(path, data=read(mistyped.text).form(path).filled(until="31/12/2030"))

    assert [answer.status_code for answer in (mistyped, second)] == [409, 409]
    assert "vừa được" in second.text


def test_proposals_of_the_second_are_refused_and_kept_on_the_page(web: Any) -> None:
    web.office.open()
    web.office.at = datetime.fromisoformat("2024-03-18T02:00:00+00:00")
    answer = web.by("binh").post("/reports", data={"period": "tháng 3/2024"})
    assert answer.status_code == 303, read(answer.text).text
    path = answer.headers["location"]
    binh, bach = web.by("binh"), web.by("bach")
    theirs, mine = (read(browser.get(path).text).form(f"{path}/proposals") for browser in (binh, bach))

    first = binh.post(f"{path}/proposals", data=theirs.filled(proposals="Xin thêm vốn."))
    second = bach.post(f"{path}/proposals", data=mine.filled(proposals="Xin thêm người."))
    told = read(second.text)
    informed = bach.post(f"{path}/proposals", data=told.form(f"{path}/proposals").filled())

    assert [answer.status_code for answer in (first, second, informed)] == [303, 409, 303]
    assert "vừa được Trần Thị Bình sửa" in told.text
    assert ("Xin thêm vốn." in told.text, "Xin thêm người." in told.text) == (True, True)


@pytest.mark.parametrize("seen", ["x", "0", "9" * 30])
def test_version_that_is_none_is_refused(web: Any, seen: str) -> None:
    path = f"/rules/code/{doubted(web)}"

    answer = web.by("chi").post(path, data={"part": "remarks", "notes": "x", "basis_remarks": "QĐ", "seen": seen})

    assert answer.status_code == 409


def test_rule_over_the_interface_names_the_version_seen(web: Any) -> None:
    giang, code = program(web, "giang"), doubted(web)
    seen = giang.get(f"/api/v1/rules/{code}").json()["version"]
    asked = {"basis": "QĐ 1", "seen_version": seen}

    first = giang.patch(f"/api/v1/rules/{code}", json=asked | {"notes": "một"})
    second = giang.patch(f"/api/v1/rules/{code}", json=asked | {"notes": "hai"})

    assert (first.status_code, second.status_code) == (200, 409)
    assert rule(web, code)["notes"] == "một"


def test_beneficiary_over_the_interface_names_the_version_seen(web: Any) -> None:
    giang, number = program(web, "giang"), web.office.workshop("Cơ sở Cũ")
    path = f"/api/v1/beneficiaries/{number}"
    seen = giang.get(path).json()["version"]

    first = giang.patch(path, json={"seen_version": seen, "name": "Cơ sở Một"})
    second = giang.patch(path, json={"seen_version": seen, "women_owned": True})

    assert (first.status_code, second.status_code) == (200, 409)
    assert "vừa được Bùi Trường Giang sửa" in second.json()["detail"]
    assert (giang.get(path).json()["name"], giang.get(path).json()["version"]) == ("Cơ sở Một", seen + 1)


def test_line_of_a_decision_names_the_version_seen(web: Any) -> None:
    office = web.office
    code = office.bring(office.open(), "cleared")
    chi = program(web, "chi")
    [row] = chi.get("/api/v1/approvals?route=local").json()["projects"]
    decision = {
        "number": "980/QĐ-UBND",
        "decided_on": office.today.isoformat(),
        "signer": "Lê Quang Trung",
        "total": 300_000_000,
    }

    stale = chi.post(
        "/api/v1/decisions", json=decision | {"lines": [{"project": code, "seen_version": row["version"] - 1}]}
    )
    fresh = chi.post(
        "/api/v1/decisions", json=decision | {"lines": [{"project": code, "seen_version": row["version"]}]}
    )

    assert (stale.status_code, fresh.status_code) == (409, 201)
    assert f"Đề án {code} vừa được" in stale.json()["detail"]
    assert str(office.stage(code)) == "approved"
