"""`dean runs`: the slot ledger of the periodic jobs: what ran, what was late, what never happened."""

from datetime import date
from typing import Any

import click

from cli.door import notice, open_desk
from cli.lazy import Group
from cli.options import as_json
from cli.output import Column, minute, print_fields, print_json, print_table
from cli.typed import DAY, Coded, whole_number
from states.refusal import Refused
from states.slots import TIMINGS, Job
from states.words import format_date

_JOB = Coded("việc định kỳ", {str(job): job.label for job in TIMINGS})


@click.group(cls=Group)
def runs() -> None:
    """Các lần chạy định kỳ: đã chạy, chạy muộn, bị lỡ, và vì sao."""


@runs.command("list")
@click.option("--job", metavar="VIỆC", type=_JOB, help="Chỉ việc này: nightly, reminders, housekeeping.")
@click.option("--since", metavar="NGÀY", type=DAY, help="Từ ngày này.")
@click.option("--limit", metavar="N", type=whole_number("Số dòng", 1, 1000), default=50, help="Nhiều nhất N dòng.")
@as_json
def list_(job: str | None, since: date | None, limit: int, as_json: bool) -> None:
    """Liệt kê các lần chạy, mới nhất trước."""
    from models.slots import slot_list

    with open_desk() as desk, desk.reading() as view:
        rows = slot_list(view.session, job=Job(job) if job else None, since=since, limit=limit)
    if as_json:
        print_json(rows)
    elif not rows:
        notice("Chưa có lần chạy nào; hãy chạy dean run nightly, hoặc bật lịch (dean up).")
    else:
        columns = [Column("Việc"), Column("Ngày"), Column("Kết quả"), Column("Bắt đầu"), Column("Giây", right=True)]
        columns += [Column("Lần", right=True), Column("Ghi chú", flexible=True)]
        print_table(columns, [_listed(row) for row in rows])


def _listed(row: dict[str, Any]) -> list[Any]:
    started = minute(row["started_at"]) if row["started_at"] else None
    on = format_date(date.fromisoformat(row["slot"]))
    return [Job(row["job"]).label, on, row["status_label"], started, row["seconds"], row["attempts"], row["reason"]]


@runs.command()
@click.argument("job", metavar="VIỆC", type=_JOB, help="nightly, reminders hoặc housekeeping.")
@click.argument("on", metavar="NGÀY", type=DAY, help="Ngày của lần chạy.")
@as_json
def show(job: str, on: date, as_json: bool) -> None:
    """Xem một lần chạy và kết quả đã lưu của nó."""
    from models.slots import slot_list

    with open_desk() as desk, desk.reading() as view:
        rows = slot_list(view.session, job=Job(job), since=on, limit=1000)
    found = next((row for row in rows if row["slot"] == on.isoformat()), None)
    if found is None:
        raise Refused(f"{Job(job).label} ngày {format_date(on)} chưa có lần chạy nào; hãy xem dean runs missed.")
    if as_json:
        print_json(found)
        return
    fields = [("Việc", Job(found["job"]).label), ("Ngày", format_date(on)), ("Kết quả", found["status_label"])]
    fields += [("Hẹn lúc", minute(found["due_at"])), ("Máy", found["worker"]), ("Số lần", found["attempts"])]
    fields += [(head, minute(found[name]) if found[name] else None) for head, name in _TIMES]
    fields += [("Ghi chú", found["reason"]), ("Mã băm kết quả", found["result_hash"]), ("Kết quả lưu", found["result"])]
    print_fields(fields)


_TIMES = (("Bắt đầu", "started_at"), ("Kết thúc", "ended_at"))


@runs.command()
@as_json
def missed(as_json: bool) -> None:
    """Những lần chạy lẽ ra đã xong mà chưa xong. Mã thoát 1 khi có."""
    from models.slots import overdue

    with open_desk() as desk, desk.reading() as view:
        found = overdue(view.session, at=desk.at)
    if as_json:
        print_json(
            [{"job": o.job, "on": o.on.isoformat(), "due_at": o.due_at.isoformat(), "reason": o.reason} for o in found]
        )
    for one in [] if as_json else found:
        click.echo(
            f"{one.job.label} ngày {format_date(one.on)}: {one.reason}; chạy dean run {one.job} --as-of {one.on}."
        )
    if not as_json and not found:
        click.echo("Không lần chạy nào bị lỡ.")
    if found:
        raise click.exceptions.Exit(1)
