"""The nightly report: what it says of a register that holds and of one that does not, and its mail on a real server."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from flows.jobs.mail_report import mail_report
from flows.jobs.night import night
from flows.jobs.nightly import NightlyReport
from flows.jobs.settings import Settings
from notifications.demo_servers import LoopbackSmtp
from notifications.outcome import Outcome
from states.vocabulary import Stage

DAY = date(2024, 3, 1)


@pytest.fixture
def busy(office: Any) -> Any:
    """One settled project, one that waits for its appraisal."""
    office.bring(office.open(), Stage.SETTLED)
    office.bring(office.open(name="Xây dựng nhãn hiệu khoai lang", content=3, targets={"T3_4": 1}), Stage.APPRAISING)
    return office


def test_report_adds_up_the_programme_and_lists_who_waits(busy: Any, tmp_path: Path) -> None:
    report = _night(busy, tmp_path)

    [status] = report.programmes
    settled = {target["code"]: target["settled"] for target in status["targets"] if target["settled"]}
    assert settled == {"T2_2": 1}
    assert status["money"]["local_fund"] == {
        "budget": 23_320_000_000,
        "planned": 600_000_000,
        "approved": 300_000_000,
        "implemented": 300_000_000,
        "settled": 300_000_000,
    }
    assert [(row["code"], row["stage"]) for row in report.waiting] == [("KC-VL-2024-002", "appraising")]
    assert report.ok
    assert "Kiểm tra sổ:" in report.text()
    money = [line for line in report.text().splitlines() if line.startswith("Đối chiếu")]
    assert money == [
        "Đối chiếu khớp đến từng đồng: 2 đề án, 1 hợp đồng, 1 quyết định, 16 khoản tiền, 17 sự kiện của đề án."
    ]


def test_second_run_of_a_night_says_the_same(busy: Any, tmp_path: Path) -> None:
    first = _night(busy, tmp_path)

    second = _night(busy, tmp_path)

    assert second.as_json() == first.as_json()


def test_report_warns_when_the_ledger_was_changed_behind_its_back(busy: Any, tmp_path: Path) -> None:
    with busy.store.writer.begin() as connection:
        connection.execute(text("DROP TRIGGER project_path"))
        connection.execute(text("UPDATE project SET name = 'Tên khác' WHERE code = 'KC-VL-2024-001'"))

    report = _night(busy, tmp_path)

    assert (report.verification.ok, report.reconciliation.ok, report.ok) == (False, True, False)
    assert "CẢNH BÁO: kiểm tra sổ phát hiện 2 sai lệch" in report.text()


def test_report_tells_what_does_not_add_up_to_the_dong(busy: Any, tmp_path: Path) -> None:
    with busy.store.writer.begin() as connection:
        connection.execute(text("UPDATE funding SET settled = settled - 1 WHERE settled > 0 AND source = 'local_fund'"))

    report = _night(busy, tmp_path)

    told = report.text().splitlines()
    start = next(place for place, line in enumerate(told) if "Đối chiếu" in line)
    assert told[start].startswith("CẢNH BÁO: Đối chiếu thấy 6 chỗ lệch trong 2 đề án")
    assert told[start + 1 : start + 3] == [
        "- Đề án KC-VL-2024-001, KC địa phương: số dư quyết toán là 299.999.999 đồng, "
        "cộng các khoản đã ghi là 300.000.000 đồng; lệch 1 đồng.",
        *(line for line in told if line.startswith("    funding project_id=")),
    ]
    assert report.as_json()["reconcile"]["differences"][0]["difference"] == -1
    assert (report.ok, report.faults) == (False, 11)


def test_report_arrives_at_the_operator_through_a_real_server(busy: Any, tmp_path: Path) -> None:
    report = _night(busy, tmp_path)
    with LoopbackSmtp() as server:
        settings = _settings(
            notify_mode="live",
            operator_email="van.hanh@so.example",
            smtp_url=server.url("Sở Công Thương <so@so.example>"),
        )

        delivery = mail_report(report, settings)

        [mail] = server.mails
    assert delivery is not None
    assert delivery.outcome is Outcome.OK
    assert mail.parsed["Subject"] == "Báo cáo đêm 01/03/2024: sổ khớp"
    assert mail.parsed["To"].addresses[0].addr_spec == "van.hanh@so.example"
    written = mail.parsed.get_body(("plain",))
    assert written is not None
    body = written.get_content()
    assert body.replace("\r\n", "\n").strip() == report.text().strip()
    [attachment] = mail.parsed.iter_attachments()
    assert attachment.get_filename() == "Báo cáo đêm 2024-03-01.txt"


def test_redirect_mode_sends_everything_to_the_one_address(busy: Any, tmp_path: Path) -> None:
    report = _night(busy, tmp_path)
    with LoopbackSmtp() as server:
        settings = _settings(
            notify_mode="redirect",
            notify_redirect="thu.nghiem@so.example",
            operator_email="van.hanh@so.example",
            smtp_url=server.url("Sở Công Thương <so@so.example>"),
        )

        mail_report(report, settings)

        [mail] = server.mails
    assert mail.parsed["To"].addresses[0].addr_spec == "thu.nghiem@so.example"


def test_fresh_install_mails_nobody(busy: Any, tmp_path: Path) -> None:
    report = _night(busy, tmp_path)
    with LoopbackSmtp() as server:
        settings = _settings(operator_email="van.hanh@so.example", smtp_url=server.url("Sở <so@so.example>"))

        delivery = mail_report(report, settings)

        assert (delivery, list(server.mails)) == (None, [])


def _settings(**given: Any) -> Settings:
    return Settings(_env_file=None, **given)


def _night(busy: Any, home: Path) -> NightlyReport:
    return night(busy.store, _settings(home=home), as_of=DAY, at=busy.at)
