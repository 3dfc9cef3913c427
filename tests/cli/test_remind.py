"""Reminding from a terminal: seen beforehand without a trace, then done, then nothing more to do."""

import json
from datetime import date
from typing import Any

from models.append import Origin
from models.loading import load_person
from models.people import edit_person
from models.reminders.absences import enter_absence
from states.standing_in import Absence


def test_dry_run_shows_each_reminder_and_writes_nothing(office: Any, dean: Any, morning: str) -> None:
    before = office.everything()

    found = dean("remind", "--dry-run", "--json").json

    assert office.everything() == before
    assert [(row["recipient"], row["channel"], row["rule"], row["projects"]) for row in found] == [
        ("binh", "email", "N-T3", [morning]),
        ("bach", "email", "N-T3", [morning]),
    ]
    first = found[0]
    assert first["key"].startswith(f"deadline:{morning}/D-CHECK/")
    assert first["key"].endswith("@20260310-20260310-20260310/N-T3/binh")
    assert (first["due_on"], first["rung_on"], first["audience"]) == ("2026-03-10", "2026-03-05", "owner")
    assert (first["task"], first["reachable"], first["stand_in_for"]) == ("Kiểm tra thành phần hồ sơ", True, None)


def test_dry_run_prints_what_each_person_would_read_and_why(dean: Any, morning: str) -> None:
    printed = dean("remind", "--dry-run", "--who", "binh")

    assert printed.out.startswith("Xem trước ngày 05/03/2026 (không ghi gì): 1 thư, 1 nhắc việc.\n")
    assert "Trần Thị Bình (binh) – Thư điện tử – Thư nhắc việc buổi sáng" in printed.lines
    assert "Hạn: thứ Ba 10/03/2026 – còn 3 ngày làm việc" in printed.lines
    assert printed.lines[-1].endswith(f"{morning}, hạn 10/03/2026: trước hạn 3 ngày làm việc, người phải xử lý (N-T3)")
    assert ("@" in printed.out, "/l/" in printed.out, "Bách" in printed.out) == (False, False, False)


def test_dry_run_works_where_sending_is_off_and_for_a_day_to_come(dean: Any, morning: str) -> None:
    dean.set(notify_mode="off")

    later = dean("remind", "--dry-run", "--as-of", "17/03/2026", "--json").json
    printed = dean("remind", "--dry-run", "--as-of", "17/03/2026")

    # Five workdays late, and ten in its stage: the leaders hear it once, as the next level.
    assert [(row["recipient"], row["letter"], row["rule"]) for row in later] == [
        ("binh", "digest", "N-Q1"),
        ("binh", "digest", "N-WAIT"),
        ("bach", "digest", "N-Q1"),
        ("bach", "digest", "N-WAIT"),
        ("chi", "escalation", "N-Q5"),
        ("chau", "escalation", "N-Q5"),
    ]
    assert "Chế độ gửi đang tắt nên chưa ai được nhắc." in printed.err
    assert "DEAN_NOTIFY_MODE=redirect" in printed.err


def test_dry_run_names_who_is_not_reached(office: Any, dean: Any, morning: str) -> None:
    with office.store.write() as session:
        edit_person(session, "bach", office.origin, email="")

    rows = dean("remind", "--dry-run", "--json").json
    printed = dean("remind", "--dry-run", "--who", "bach")

    assert [(row["recipient"], row["channel"], row["reachable"]) for row in rows] == [
        ("binh", "email", True),
        ("bach", None, False),
    ]
    assert printed.lines[-1] == (
        f"Đỗ Xuân Bách (bach): Kiểm tra thành phần hồ sơ – {morning}; chưa có cách gửi; hãy ghi địa chỉ: "
        "dean user edit bach --email ĐỊA-CHỈ."
    )


def test_dry_run_gives_the_task_of_somebody_away_to_the_stand_in(office: Any, dean: Any, morning: str) -> None:
    away = Absence(person="bach", substitute="binh", first_on=date(2026, 3, 4), last_on=date(2026, 3, 9))
    with office.store.write() as session:
        leader = load_person(session, "chi")
        enter_absence(session, away, by=leader, origin=Origin(office.at, leader.id, "test"))

    rows = dean("remind", "--dry-run", "--json").json

    assert [(row["recipient"], row["stand_in_for"]) for row in rows] == [("binh", "bach"), ("binh", None)]


def test_remind_writes_what_the_dry_run_showed_and_nothing_twice(office: Any, dean: Any, morning: str) -> None:
    foreseen = dean("remind", "--dry-run", "--json").json

    first, second = dean("remind", "--json").json, dean("remind")

    told = dean("notify", "report", "--json").json["reminders"]
    assert {row["key"] for row in told if row["status"] == "queued"} == {row["key"] for row in foreseen}
    assert (first["waiting"], first["letters"], first["reminders"], first["unreachable"]) == (2, 2, 2, [])
    assert second.lines[-1] == "Không có thư mới."
    assert dean("remind", "--dry-run", "--json").json == []


def test_remind_says_who_is_not_reached(office: Any, dean: Any, morning: str) -> None:
    with office.store.write() as session:
        edit_person(session, "bach", office.origin, email="")

    printed = dean("remind")

    assert printed.lines[-2:] == [
        "Đã viết 1 thư với 1 nhắc việc; gửi bằng dean outbox send.",
        "Chưa có cách gửi cho Đỗ Xuân Bách; hãy ghi địa chỉ: dean user edit MÃ --email ĐỊA-CHỈ hoặc dean zalo link MÃ.",
    ]


def test_remind_refuses_a_day_to_come_and_writes_nothing(office: Any, dean: Any, morning: str) -> None:
    before = office.everything()

    refused = dean("remind", "--as-of", "06/03/2026")
    run = dean("run", "reminders", "--as-of", "06/03/2026")

    assert (refused.code, run.code, office.everything() == before) == (1, 1, True)
    assert refused.err.endswith(
        "Ngày 06/03/2026 chưa đến nên chưa nhắc được; hãy xem trước bằng dean remind --as-of 2026-03-06 --dry-run.\n"
    )


def test_remind_in_mode_off_writes_nothing_and_says_how_to_switch_on(office: Any, dean: Any, morning: str) -> None:
    dean.set(notify_mode="off")
    before = office.everything()

    printed = dean("remind")

    assert (printed.code, office.everything() == before) == (0, True)
    assert printed.out == "Chế độ gửi đang tắt (DEAN_NOTIFY_MODE=off); không nhắc ai.\n"
    assert "DEAN_NOTIFY_REDIRECT" in printed.err


def test_one_person_is_looked_at_beforehand_only(dean: Any, morning: str) -> None:
    wrong, unknown = dean("remind", "--who", "binh"), dean("remind", "--dry-run", "--who", "khong-co")

    assert (wrong.code, wrong.err.endswith("--dry-run. Xem: dean remind --help\n")) == (2, True)
    assert (unknown.code, "Không có người dùng «khong-co»" in unknown.err) == (1, True)


def test_runs_do_the_same_as_the_commands(dean: Any, mailbox: Any, morning: str) -> None:
    written, sent = dean("run", "reminders", "--json").json, dean("run", "deliver", "--workers", "2", "--json").json

    assert (written["letters"], sent) == (2, {"outcomes": {"ok": 2}, "expired": 0, "reason": ""})
    [slot] = dean("runs", "list", "--json").json
    assert (slot["job"], slot["slot"], json.loads(slot["result"])["letters"]) == ("reminders", written["as_of"], 2)
    assert sorted(mail.recipients for mail in mailbox.mails) == [("bach@sct.example",), ("binh@sct.example",)]
