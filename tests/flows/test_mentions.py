"""Remarks that call a person, in the morning's letter: once for each person and remark, and never outside the scope."""

from datetime import UTC, datetime
from typing import Any

from models.append import Origin
from models.desk.comments import remark, take_back
from models.loading import load_person
from models.people import edit_person
from models.reminders.absences import enter_absence
from states.standing_in import Absence


def say(mornings: Any, day: str, code: str, words: str, by: str = "dung") -> int:
    """Write a remark in the afternoon of a day."""
    at = datetime.fromisoformat(f"{day}T08:00:00").replace(tzinfo=UTC)
    with mornings.store.write() as session:
        person = load_person(session, by)
        return int(remark(session, code, words, by=person, origin=Origin(at, person.id, "test")))


def test_mention_is_in_the_digest_beside_the_tasks_once(mornings_on_both: Any) -> None:
    mornings = mornings_on_both
    code = mornings.office.submitted_in_2026()
    say(mornings, "2026-03-08", code, "Nhờ @binh xem lại báo giá")

    told = mornings.morning("2026-03-09")
    letter = mornings.text_for("binh")
    again = mornings.morning("2026-03-10")

    assert [who for who, _ in told] == ["bach", "binh"]
    assert "1 việc khuyến công đến hạn trong 3 ngày làm việc; 1 ý kiến nhắc tới anh/chị" in " ".join(letter.split())
    assert all(
        part in letter for part in ("ĐƯỢC NHẮC TỚI (1)", "Nhờ @binh xem lại báo giá", f"/projects/{code}#remarks")
    )
    assert "binh" in [who for who, _ in again]
    assert "nhắc tới" not in mornings.text_for("binh").casefold()


def test_mention_alone_is_a_digest(mornings_on_both: Any) -> None:
    mornings = mornings_on_both
    code = mornings.office.submitted_in_2026()
    say(mornings, "2026-03-03", code, "@chi, @em cho ý kiến")

    told = mornings.morning("2026-03-04")

    wanted = "1 ý kiến nhắc tới anh/chị – 04/03/2026"
    assert [pair for pair in told if pair[0] in ("chi", "em")] == [("chi", wanted), ("em", wanted)]
    assert len(mornings.rows("mention_told", "person_id, comment_id")) == 2
    assert [who for who, _ in mornings.morning("2026-03-05") if who in ("chi", "em")] == []


def test_second_run_of_a_morning_tells_nobody_again(mornings: Any) -> None:
    code = mornings.office.submitted_in_2026()
    say(mornings, "2026-03-03", code, "@chi xem")
    mornings.morning("2026-03-04")
    before = mornings.office.everything()

    again = mornings.morning("2026-03-04")

    assert (again, mornings.office.everything() == before) == ([], True)


def test_letter_that_never_left_told_nobody(mornings: Any) -> None:
    code = mornings.office.submitted_in_2026()
    say(mornings, "2026-03-03", code, "@chi xem")
    mornings.sweep("2026-03-04")

    told = mornings.morning("2026-03-05")

    assert ("chi", "1 ý kiến nhắc tới anh/chị – 05/03/2026") in told


def test_mention_waits_for_nobody_who_may_not_see_it_or_took_it_back(mornings: Any) -> None:
    code = mornings.office.submitted_in_2026()
    gone = say(mornings, "2026-03-03", code, "@chi xem")
    say(mornings, "2026-03-03", code, "@an bổ sung")
    say(mornings, "2026-03-03", code, "@dung tự nhắc mình", by="dung")
    with mornings.store.write() as session:
        dung = load_person(session, "dung")
        take_back(session, gone, by=dung, origin=mornings.office.origin)
        edit_person(session, "an", mornings.office.origin, unit="hoi")

    told = mornings.morning("2026-03-04")

    assert [who for who, _ in told if who in ("chi", "an", "dung")] == []


def test_mention_of_somebody_away_is_read_by_the_stand_in(mornings: Any) -> None:
    code = mornings.office.submitted_in_2026()
    say(mornings, "2026-03-03", code, "@chi xem")
    day = datetime.fromisoformat("2026-03-04").date()
    with mornings.store.write() as session:
        chi = load_person(session, "chi")
        absence = Absence(person="chi", substitute="chau", first_on=day, last_on=day)
        enter_absence(session, absence, by=chi, origin=mornings.office.origin)

    told = mornings.morning("2026-03-04")

    assert [who for who, _ in told if who in ("chi", "chau")] == ["chau"]
    assert "Làm thay:" in mornings.text_for("chau")
    assert "Lê Minh Chi" in mornings.text_for("chau")
