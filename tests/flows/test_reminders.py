"""The morning's reminders from the deadline to the mailbox, on real databases and through a real mail server."""

from datetime import date
from typing import Any

from models.append import Origin
from models.calendars import set_days
from models.loading import load_person
from models.people import edit_person
from models.reminders.absences import enter_absence
from models.reminders.answers import acknowledge, snooze
from models.reminders.preferences import set_preference
from states.standing_in import Absence

SEVEN = "1 việc khuyến công đến hạn trong 7 ngày làm việc"
THREE = "1 việc khuyến công đến hạn trong 3 ngày làm việc"
TODAY = "1 việc khuyến công đến hạn hôm nay"
PAPERS = ("dossier", "support_request")
#: From 20/06 on the leaders hear, once, that nobody registered next year's national projects.
REGISTRATION_IS_LATE = ("chau", "chi")


def about(mornings: Any, code: str) -> str:
    """What the reminders of the check of a project are about."""
    [(found,)] = set(mornings.rows("reminder", "about", f"about LIKE 'deadline:{code}/D-CHECK/%'"))
    return str(found)


# --- the ladder -----------------------------------------------------------------------------------------


def test_ladder_climbs_from_the_owners_to_the_leaders(mornings_on_both: Any) -> None:
    mornings_on_both.office.submitted_in_2026()
    days = [f"2026-03-{day:02d}" for day in range(4, 32)]

    told = {day: mails for day in days if (mails := mornings_on_both.morning(day))}

    owners, leaders = ("bach", "binh"), ("chau", "chi")
    escalated = "Quá hạn {} ngày làm việc: Kiểm tra thành phần hồ sơ – KC-VL-2025-001"
    waiting = [(code, "1 việc khuyến công chờ anh/chị xử lý – 17/03/2026") for code in owners]
    assert told == {
        "2026-03-04": [(code, f"{SEVEN} – 04/03/2026") for code in owners],
        "2026-03-05": [(code, f"{THREE} – 05/03/2026") for code in owners],
        "2026-03-09": [(code, f"{THREE} – 09/03/2026") for code in owners],
        "2026-03-10": [(code, f"{TODAY} – 10/03/2026") for code in owners],
        "2026-03-11": [(code, "1 việc khuyến công quá hạn – 11/03/2026") for code in owners],
        "2026-03-12": [(code, escalated.format(2)) for code in leaders],
        "2026-03-17": waiting + [(code, escalated.format(5)) for code in leaders],
        "2026-03-31": [(code, "1 việc khuyến công chờ anh/chị xử lý – 31/03/2026") for code in (*owners, *leaders)],
    }
    assert mornings_on_both.count("reminder") == {"told": 20}
    assert mornings_on_both.count("outbox") == {"sent": 20}


def test_letter_of_a_project_that_waits_counts_the_days_as_the_rule_does(mornings_on_both: Any) -> None:
    mornings = mornings_on_both
    mornings.office.submitted_in_2026()
    mornings.morning("2026-03-11")

    mornings.morning("2026-03-17")

    assert "Chờ từ:    thứ Ba 03/03/2026, đã 10 ngày làm việc" in mornings.text_for("binh")


def test_thirty_tasks_of_one_person_are_one_digest(mornings_on_both: Any) -> None:
    for _ in range(30):
        mornings_on_both.office.submitted_in_2026()

    told = mornings_on_both.morning("2026-03-09")

    subject = "30 việc khuyến công đến hạn trong 3 ngày làm việc – 09/03/2026"
    assert told == [("bach", subject), ("binh", subject)]
    assert mornings_on_both.count("outbox") == {"sent": 2}
    assert mornings_on_both.count("reminder") == {"told": 60, "covered": 120}


def test_second_run_of_a_morning_adds_nothing(mornings_on_both: Any) -> None:
    mornings_on_both.office.submitted_in_2026()
    mornings_on_both.morning("2026-03-09")
    before = mornings_on_both.office.everything()

    again = [mornings_on_both.morning("2026-03-09") for _ in range(2)]

    assert again == [[], []]
    assert mornings_on_both.office.everything() == before


# --- what changes between the sweep and the sending -----------------------------------------------------


def test_step_taken_before_the_sending_is_not_told(mornings_on_both: Any) -> None:
    code = mornings_on_both.office.submitted_in_2026()
    mornings_on_both.sweep("2026-03-09")
    mornings_on_both.office.record("2026-03-09", code, "start_appraisal", "binh", number="02/SCT")

    done = mornings_on_both.send("2026-03-09")

    assert (done.handed_over, mornings_on_both.server.mails) == (0, [])
    assert mornings_on_both.count("outbox") == {"cancelled": 2}
    assert mornings_on_both.count("reminder") == {"cancelled": 2, "covered": 4}
    assert set(mornings_on_both.rows("reminder", "reason", "status = 'cancelled'")) == {
        ("Việc này đã xong hoặc không còn hạn.",)
    }


def test_letter_with_one_task_that_ended_is_rewritten_with_the_others(mornings_on_both: Any) -> None:
    done, other = (mornings_on_both.office.submitted_in_2026() for _ in range(2))
    mornings_on_both.sweep("2026-03-09")
    mornings_on_both.office.record("2026-03-09", done, "start_appraisal", "binh", number="02/SCT")

    mornings_on_both.send("2026-03-09")

    assert mornings_on_both.arrived() == [("bach", f"{THREE} – 09/03/2026"), ("binh", f"{THREE} – 09/03/2026")]
    text = mornings_on_both.text_for("binh")
    assert (done in text, other in text) == (False, True)
    assert mornings_on_both.rows("outbox", "key, status") == [
        ("digest:bach:2026-03-09:1", "cancelled"),
        ("digest:bach:2026-03-09:2", "sent"),
        ("digest:binh:2026-03-09:1", "cancelled"),
        ("digest:binh:2026-03-09:2", "sent"),
    ]


def test_moved_deadline_cancels_its_old_version_and_is_told_anew(mornings_on_both: Any) -> None:
    moving = mornings_on_both.office.submitted_in_2026()
    mornings_on_both.sweep("2026-03-09")
    was = about(mornings_on_both, moving)
    with mornings_on_both.store.write() as session:
        origin = Origin(mornings_on_both.office.at, None)
        set_days(session, {date(2026, 3, 6): "off"}, name="Nghỉ", basis="Thông báo thử", origin=origin)

    mornings_on_both.send("2026-03-09")

    assert mornings_on_both.server.mails == []
    assert set(mornings_on_both.rows("reminder", "about, status, reason", "status <> 'covered'")) == {
        (was, "cancelled", "Hạn đã dời sang ngày 11/03/2026.")
    }
    # The new version's own reminders come with the next sweep, that of the same day too.
    assert mornings_on_both.morning("2026-03-09") == [
        ("bach", f"{THREE} – 09/03/2026"),
        ("binh", f"{THREE} – 09/03/2026"),
    ]
    [(now, status)] = set(mornings_on_both.rows("reminder", "about, status", "status = 'told'"))
    assert (now != was, status) == (True, "told")
    assert "SEQUENCE:1" in mornings_on_both.server.mails[-1].parsed.get_payload()[1].get_payload(decode=True).decode()


def test_deadline_that_moves_back_is_told_again_under_its_old_key(mornings_on_both: Any) -> None:
    mornings_on_both.office.submitted_in_2026()
    mornings_on_both.sweep("2026-03-09")
    keys = mornings_on_both.rows("reminder", "key")
    for standing in ("off", "work"):
        with mornings_on_both.store.write() as session:
            origin = Origin(mornings_on_both.office.at, None)
            set_days(session, {date(2026, 3, 6): standing}, name="Thử", basis="Thông báo thử", origin=origin)
        mornings_on_both.send("2026-03-09")

    told = mornings_on_both.morning("2026-03-09")

    assert [code for code, _ in told] == ["bach", "binh"]
    assert mornings_on_both.rows("reminder", "key") == keys
    assert mornings_on_both.count("reminder") == {"told": 2, "covered": 4}


# --- what is said only once -----------------------------------------------------------------------------


def test_switched_off_nothing_is_written_and_switching_on_tells_once(mornings_on_both: Any) -> None:
    mornings_on_both.office.submitted_in_2026()
    mornings_on_both.change(notify_mode="off")
    before = mornings_on_both.office.everything()
    reasons = [mornings_on_both.sweep("2026-03-05").reason, mornings_on_both.send("2026-03-05").reason]
    untouched = mornings_on_both.office.everything() == before
    mornings_on_both.change(notify_mode="live")

    told = mornings_on_both.morning("2026-03-09")

    assert untouched
    assert reasons == [
        "Chế độ gửi đang tắt (DEAN_NOTIFY_MODE=off); không nhắc ai.",
        "Chế độ gửi đang tắt (DEAN_NOTIFY_MODE=off); không gửi gì.",
    ]
    assert [code for code, _ in told] == ["bach", "binh"]
    assert mornings_on_both.morning("2026-03-09") == []


def test_person_without_an_address_stays_owed_and_is_told_once_reachable(mornings_on_both: Any) -> None:
    mornings_on_both.office.submitted_in_2026()
    mornings_on_both.without_address("binh")
    first = mornings_on_both.sweep("2026-03-04")
    mornings_on_both.send("2026-03-04")
    later = [mornings_on_both.morning(day) for day in ("2026-03-05", "2026-03-06")]
    owed = mornings_on_both.rows("reminder", "status, person_id", "status = 'waiting'")
    with mornings_on_both.store.write() as session:
        edit_person(session, "binh", mornings_on_both.office.origin, email="tran.binh@sct.example")

    told = mornings_on_both.morning("2026-03-06")

    assert first.unreachable == ("Trần Thị Bình",)
    assert later == [[("bach", f"{THREE} – 05/03/2026")], []]
    assert len(owed) == 2
    assert told == [("tran.binh", "1 việc khuyến công đến hạn trong 3 ngày làm việc – 06/03/2026")]
    assert mornings_on_both.count("reminder") == {"told": 4}


def test_two_owed_reminders_of_one_deadline_are_one_task_of_the_letter(mornings_on_both: Any) -> None:
    mornings = mornings_on_both
    mornings.office.submitted_in_2026()
    mornings.without_address("binh")
    for day in ("2026-03-04", "2026-03-05"):
        mornings.morning(day)
    with mornings.store.write() as session:
        edit_person(session, "binh", mornings.office.origin, email="binh@sct.example")

    mornings.morning("2026-03-06")

    assert mornings.text_for("binh").count("Đề án:") == 1


def test_letter_that_expires_rides_in_the_next_digest(mornings_on_both: Any) -> None:
    mornings_on_both.office.submitted_in_2026()
    mornings_on_both.sweep("2026-03-05")

    told = mornings_on_both.morning("2026-03-09")

    assert [code for code, _ in told] == ["bach", "binh"]
    assert mornings_on_both.rows("outbox", "key, status") == [
        ("digest:bach:2026-03-05:1", "expired"),
        ("digest:bach:2026-03-09:1", "sent"),
        ("digest:binh:2026-03-05:1", "expired"),
        ("digest:binh:2026-03-09:1", "sent"),
    ]
    assert "waiting" not in mornings_on_both.count("reminder")
    assert "queued" not in mornings_on_both.count("reminder")


def test_letter_that_expires_without_a_sweep_is_written_anew_at_once(mornings_on_both: Any) -> None:
    mornings_on_both.office.submitted_in_2026()
    mornings_on_both.sweep("2026-03-05")

    done = mornings_on_both.send("2026-03-06")

    assert (done.expired, done.outcomes) == (2, {"ok": 2})
    assert mornings_on_both.arrived() == [("bach", f"{THREE} – 06/03/2026"), ("binh", f"{THREE} – 06/03/2026")]


# --- who reads ------------------------------------------------------------------------------------------


def test_stand_in_gets_the_letter_with_the_note(mornings_on_both: Any) -> None:
    mornings_on_both.office.submitted_in_2026()
    day = date(2026, 3, 9)
    with mornings_on_both.store.write() as session:
        chi = load_person(session, "chi")
        absence = Absence(person="binh", substitute="dung", first_on=day, last_on=day)
        enter_absence(session, absence, by=chi, origin=mornings_on_both.office.origin)

    told = mornings_on_both.morning("2026-03-09")

    assert [code for code, _ in told] == ["bach", "dung"]
    assert "Làm thay:  anh/chị Trần Thị Bình" in mornings_on_both.text_for("dung")
    assert "Làm thay" not in mornings_on_both.text_for("bach")
    # It is still Bình who was owed it, and Bình who is told the day after.
    assert [code for code, _ in mornings_on_both.morning("2026-03-10")] == ["bach", "binh"]


def test_acknowledging_stops_the_own_reminders_and_not_the_escalation(mornings_on_both: Any) -> None:
    code = mornings_on_both.office.submitted_in_2026()
    mornings_on_both.morning("2026-03-05")
    with mornings_on_both.store.write() as session:
        binh = load_person(session, "binh")
        origin = mornings_on_both.office.origin
        acknowledge(session, about(mornings_on_both, code), person="binh", by=binh, origin=origin)

    days = ("2026-03-09", "2026-03-10", "2026-03-11", "2026-03-12")
    told = {day: [person for person, _ in mornings_on_both.morning(day)] for day in days}

    assert told == {
        "2026-03-09": ["bach"],
        "2026-03-10": ["bach"],
        "2026-03-11": ["bach"],
        "2026-03-12": ["chau", "chi"],
    }
    assert "Trả lời:   đã báo “Đã nắm” ngày 03/03/2026" in mornings_on_both.text_for("chi")


def test_acknowledged_after_the_sweep_is_left_out_of_the_letter(mornings_on_both: Any) -> None:
    code = mornings_on_both.office.submitted_in_2026()
    mornings_on_both.sweep("2026-03-09")
    with mornings_on_both.store.write() as session:
        binh = load_person(session, "binh")
        origin = mornings_on_both.office.origin
        acknowledge(session, about(mornings_on_both, code), person="binh", by=binh, origin=origin)

    mornings_on_both.send("2026-03-09")

    assert mornings_on_both.readers() == ["bach"]


def test_snoozed_reminder_comes_again_on_its_day(mornings_on_both: Any) -> None:
    code = mornings_on_both.office.submitted_in_2026()
    mornings_on_both.morning("2026-03-04")
    with mornings_on_both.store.write() as session:
        binh = load_person(session, "binh")
        origin = mornings_on_both.office.origin
        snooze(session, about(mornings_on_both, code), until=date(2026, 3, 6), person="binh", by=binh, origin=origin)

    told = {day: [person for person, _ in mornings_on_both.morning(f"2026-03-{day:02d}")] for day in (5, 6, 9)}

    assert told == {5: ["bach"], 6: ["binh"], 9: ["bach", "binh"]}


# --- when letters leave ---------------------------------------------------------------------------------


def test_nothing_leaves_outside_office_hours(mornings_on_both: Any) -> None:
    mornings_on_both.office.submitted_in_2026()
    mornings_on_both.sweep("2026-03-09")

    early = mornings_on_both.send("2026-03-09", "07:29")
    at_opening = mornings_on_both.send("2026-03-09", "07:30")

    assert (early.outcomes, at_opening.outcomes) == ({}, {"ok": 2})
    assert early.reason == "Ngoài giờ làm việc hoặc ngày nghỉ; thư nhắc việc chờ đến giờ mở cửa."


def test_letter_whose_hour_has_come_still_waits_in_the_evening(mornings_on_both: Any) -> None:
    mornings_on_both.office.submitted_in_2026()
    mornings_on_both.sweep("2026-03-09")

    evening = [mornings_on_both.send("2026-03-09", hour).outcomes for hour in ("17:00", "22:00")]

    assert evening == [{}, {}]
    assert mornings_on_both.count("outbox") == {"waiting": 2}
    assert [code for code, _ in mornings_on_both.morning("2026-03-10")] == ["bach", "binh"]


def test_sweep_on_a_day_off_writes_letters_on_the_next_workday(mornings_on_both: Any) -> None:
    mornings_on_both.office.submitted_in_2026()
    saturday = mornings_on_both.sweep("2026-03-07")
    weekend = mornings_on_both.count("outbox")

    told = mornings_on_both.morning("2026-03-09")

    assert saturday.reason == "Ngoài giờ làm việc hoặc ngày nghỉ; thư được viết vào sáng ngày làm việc tới."
    assert weekend == {}
    assert [code for code, _ in told] == ["bach", "binh"]


def test_working_saturday_is_a_morning_like_others(mornings_on_both: Any) -> None:
    """22/08/2026 is worked in exchange for 31/08; the Saturday before it is not."""
    office = mornings_on_both.office
    office.record("2026-08-14", office.open(plan_year=2025), "submit", "an", number="1", papers=PAPERS)

    told = {day: [code for code, _ in mornings_on_both.morning(f"2026-08-{day}")] for day in (15, 17, 21, 22, 23)}

    owners = ["bach", "binh"]
    assert told == {15: [], 17: [*owners, *REGISTRATION_IS_LATE], 21: owners, 22: owners, 23: []}


def test_no_letter_leaves_on_a_holiday(mornings_on_both: Any) -> None:
    office = mornings_on_both.office
    office.record("2026-08-26", office.open(plan_year=2025), "submit", "an", number="1", papers=PAPERS)
    days = ("2026-08-31", "2026-09-01", "2026-09-02", "2026-09-03")

    told = {day: [code for code, _ in mornings_on_both.morning(day)] for day in days}

    assert told == {days[0]: [], days[1]: [], days[2]: [], days[3]: ["bach", "binh", *REGISTRATION_IS_LATE]}


def test_urgent_reminder_after_the_digest_leaves_at_once(mornings_on_both: Any) -> None:
    """A task whose last day is today comes in at noon; what is not urgent waits for the morning."""
    first = mornings_on_both.office.submitted_in_2026()
    mornings_on_both.morning("2026-03-10")
    sent = len(mornings_on_both.server.mails)
    second = mornings_on_both.office.submitted_in_2026()

    mornings_on_both.sweep("2026-03-10", "13:00")
    mornings_on_both.send("2026-03-10", "13:00")

    assert first != second
    assert mornings_on_both.arrived(sent) == [
        ("bach", f"Đến hạn hôm nay: Kiểm tra thành phần hồ sơ – {second}"),
        ("binh", f"Đến hạn hôm nay: Kiểm tra thành phần hồ sơ – {second}"),
    ]


def test_reminder_that_is_not_urgent_waits_for_the_morning_after_the_digest(mornings_on_both: Any) -> None:
    mornings_on_both.office.submitted_in_2026()
    mornings_on_both.morning("2026-03-09")
    mornings_on_both.office.submitted_in_2026()

    mornings_on_both.sweep("2026-03-09", "13:00")
    noon = mornings_on_both.send("2026-03-09", "13:00")

    assert noon.outcomes == {}
    subject = "2 việc khuyến công đến hạn hôm nay – 10/03/2026"
    assert mornings_on_both.morning("2026-03-10") == [("bach", subject), ("binh", subject)]


def test_person_who_wants_no_urgent_letters_reads_all_in_the_morning(mornings_on_both: Any) -> None:
    mornings = mornings_on_both
    mornings.office.submitted_in_2026()
    mornings.morning("2026-03-10")
    sent = len(mornings.server.mails)
    mornings.office.submitted_in_2026()
    with mornings.store.write() as session:
        binh = load_person(session, "binh")
        set_preference(session, "binh", urgent_at_once=False, by=binh, origin=mornings.office.origin)

    mornings.sweep("2026-03-10", "13:00")
    mornings.send("2026-03-10", "13:00")

    assert [code for code, _ in mornings.arrived(sent)] == ["bach"]
    assert [code for code, _ in mornings.morning("2026-03-11")] == ["bach", "binh"]
