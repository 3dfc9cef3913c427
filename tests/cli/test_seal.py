"""dean seal and dean runs: made, listed, verified, missed."""

from datetime import date
from typing import Any

from flows.jobs.running import run_slot
from states.slots import Job, due_at


def test_nights_are_sealed_listed_and_verified(office: Any, dean: Any) -> None:
    office.bring(office.open(), "submitted")

    made = dean("seal", "make", "--as-of", "10/01/2024", "--json")
    again = dean("seal", "make", "--as-of", "10/01/2024")
    listed = dean("seal", "list", "--last", "2", "--json").json
    verified = dean("seal", "verify", "--printed", made.json[-1]["code"], "--json").json

    assert made.code == 0, made.err
    assert [seal["business_date"] for seal in made.json] == [f"2024-01-{day:02d}" for day in range(2, 11)]
    assert again.lines == ["Mọi đêm đã có niêm."]
    assert listed == made.json[-2:]
    assert verified == {"ok": True, "seals": 9, "problems": []}


def test_seal_that_is_not_here_any_more_is_told(office: Any, dean: Any) -> None:
    dean("seal", "make", "--as-of", "10/01/2024")

    told = dean("seal", "verify", "--printed", "ab" * 32)

    assert told.code == 1
    assert "không có niêm mang mã đã in" in told.out


def test_day_that_is_not_over_is_not_sealed(office: Any, dean: Any) -> None:
    refused = dean("seal", "make", "--as-of", "03/06/2024")

    assert (refused.code, "chưa hết nên chưa niêm được" in refused.err) == (1, True)


def test_seals_without_a_key_cannot_be_verified(office: Any, dean: Any) -> None:
    refused = dean("seal", "verify")

    assert (refused.code, "Chưa có khóa niêm" in refused.err) == (1, True)


def test_runs_are_listed_shown_and_missed(office: Any, dean: Any) -> None:
    at = due_at(Job.NIGHTLY, date(2024, 6, 1))
    run_slot(office.store, Job.NIGHTLY, date(2024, 6, 1), lambda on, _: {"events": 7}, now=lambda: at)

    listed = dean("runs", "list", "--json").json
    shown = dean("runs", "show", "nightly", "01/06/2024")
    missed = dean("runs", "missed", "--json")

    assert [(row["job"], row["slot"], row["status"]) for row in listed] == [("nightly", "2024-06-01", "ran")]
    assert any('{"events":7}' in line for line in shown.lines)
    assert missed.code == 1
    assert {(row["job"], row["on"]) for row in missed.json} >= {("nightly", "2024-06-02"), ("nightly", "2024-06-03")}


def test_office_without_a_schedule_has_missed_nothing(office: Any, dean: Any) -> None:
    told = dean("runs", "missed")

    assert (told.code, told.lines) == (0, ["Không lần chạy nào bị lỡ."])


def test_unknown_run_is_refused(office: Any, dean: Any) -> None:
    refused = dean("runs", "show", "nightly", "01/06/2024")

    assert (refused.code, "chưa có lần chạy nào" in refused.err) == (1, True)
