"""The sheet and the history of one project, as a person reads them."""

from collections.abc import Iterable
from typing import Any

import click

from cli.due import print_deadlines
from cli.output import Column, day, minute, padded, print_fields, print_heading, print_table, width
from states.lifecycle import Step
from states.old_records import MARK
from states.vocabulary import MoneyKind
from states.words import format_dong, format_number


def print_sheet(sheet: dict[str, Any], steps: list[tuple[str, list[Step]]]) -> None:
    """Print what is known of a project, then who can do what next."""
    click.echo(f"{sheet['code']}  {sheet['name']}")
    for axis, words in (("as_of", "Như đã quyết định đến"), ("known_on", "Như sổ đã biết đến")):
        if sheet[axis]:
            click.echo(f"({words} {day(sheet[axis])})")
    click.echo("")
    print_fields(_facts(sheet))
    print_duplicates(sheet["duplicates"])
    _print_deadlines(sheet["deadlines"])
    _print_targets(sheet["targets"])
    _print_money(sheet["funding"])
    _print_papers(sheet["papers"])
    if sheet["last_step"]:
        print_heading("Bước gần nhất")
        click.echo(f"  {_last_step(sheet['last_step'])}")
    if steps:
        print_heading("Bước tiếp theo có thể làm (dean why-not để biết cần gì)")
        room = max(width(who) for who, _ in steps)
        for who, able in steps:
            listed = ", ".join(f"{step.action} ({step.label})" for step in able) or "không có bước nào"
            click.echo(f"  {padded(who, room)}  {listed}")


def _facts(sheet: dict[str, Any]) -> Iterable[tuple[str, Any]]:
    reached = f"Đã {sheet['state_label'].lower()}"
    stage = "" if reached == sheet["stage_label"] else f" · {sheet['stage_label']}"
    yield "Trạng thái", f"{reached}{stage} (phiên bản {sheet['version']})"
    if old := sheet["vouched"]:
        yield MARK, f"{old['by_name']} ({old['by']}) xác nhận, căn cứ {old['basis']}"
        yield "Địa điểm lúc đó", old["place_then"]
        yield "Phê duyệt", _approval(old)
        yield "Quyết toán", old["settled_on"] and f"ngày {day(old['settled_on'])}"
    if sheet["adjustment_open"]:
        yield "Điều chỉnh", "đang có đề nghị điều chỉnh chờ quyết định"
    yield "Còn thiếu", "; ".join(sheet["missing"])
    yield "Tuyến, loại", f"{sheet['route_label']}; {sheet['kind_label'].lower()}"
    yield "Năm kế hoạch", _years(sheet)
    yield "Chương trình", f"{sheet['programme']['name']} ({sheet['programme']['code']})"
    yield "Nội dung", f"{sheet['content']['no']}. {sheet['content']['name']}"
    yield "Hoạt động", sheet["activity"]
    yield "Máy móc, thiết bị", sheet["equipment"]
    yield "Đơn vị thực hiện", f"{sheet['unit']['name']} ({sheet['unit']['code']})"
    yield "Người nhập" if sheet["vouched"] else "Người lập", f"{sheet['author']['name']} ({sheet['author']['code']})"
    for number, beneficiary in enumerate(sheet["beneficiaries"]):
        yield "" if number else "Đơn vị thụ hưởng", _beneficiary(beneficiary)
    yield "Địa điểm", sheet["place"] and sheet["place"]["name"]
    yield "Đơn vị phối hợp", sheet["partner"]
    yield "Thời gian", _days(sheet)
    yield "Mục tiêu", sheet["objectives"]
    yield "Quy mô, nội dung", sheet["scope"]
    yield "Tổng kinh phí", _dong(sheet["total_cost"])
    yield "Lao động dự kiến", sheet["expected_jobs"] or None
    yield "Doanh thu dự kiến", _dong(sheet["expected_revenue"])
    yield "Hiệu quả dự kiến", sheet["expected_effect"]
    yield "Tiêu chí ưu tiên", "; ".join(sheet["priorities"])


def _dong(amount: int) -> str | None:
    return format_dong(amount) if amount else None


def _years(sheet: dict[str, Any]) -> str:
    carried = "" if sheet["work_year"] == sheet["plan_year"] else f" (chuyển sang {sheet['work_year']})"
    return f"{sheet['plan_year']}{carried}"


def _beneficiary(row: dict[str, Any]) -> str:
    tax = f"MST {row['tax_code']}" if row["tax_code"] else ""
    more = ", ".join(part for part in (tax, row["place"]) if part)
    return f"số {row['id']}: {row['name']}" + (f" ({more})" if more else "")


def _days(sheet: dict[str, Any]) -> str:
    since, until = day(sheet["starts_on"]), day(sheet["ends_on"])
    return f"{since or '…'} – {until or '…'}" if since or until else ""


def _print_deadlines(deadlines: list[dict[str, Any]]) -> None:
    if not deadlines:
        return
    print_heading("Hạn đang chạy (cách đếm: dean deadline proof)")
    print_deadlines(deadlines, with_project=False)


def print_duplicates(rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    print_heading("Cần đối chiếu để tránh trùng hỗ trợ")
    for row in rows:
        click.echo(f"  {row['sentence']}")


def _print_targets(targets: list[dict[str, Any]]) -> None:
    if not targets:
        return
    print_heading("Chỉ tiêu của chương trình mà đề án đóng góp")
    columns = [Column("Mã"), Column("Chỉ tiêu", flexible=True), Column("Đơn vị")]
    columns += [Column(head, right=True) for head in ("Kế hoạch", "Phê duyệt", "Nghiệm thu", "Quyết toán")]
    kinds = ("code", "name", "unit", "planned", "approved", "accepted", "settled")
    print_table(columns, [[row[kind] for kind in kinds] for row in targets])


def _print_money(funding: list[dict[str, Any]]) -> None:
    """One line per source; kinds of money that nobody has recorded yet are left out."""
    kinds = [kind for kind in MoneyKind if any(row[kind] for row in funding)]
    if not kinds:
        return
    print_heading("Kinh phí (đồng)")
    heads = {kind: kind.label.split(",")[0].split(" (")[0] for kind in kinds}
    columns = [Column("Nguồn"), *(Column(heads[kind], right=True) for kind in kinds)]
    print_table(columns, [[row["source_label"], *(row[kind] for kind in kinds)] for row in funding])


def _print_papers(papers: list[dict[str, Any]]) -> None:
    if not papers:
        return
    print_heading("Giấy tờ")
    columns = [Column("Giấy tờ", flexible=True), Column("Bản", right=True), Column("Số"), Column("Ngày")]
    columns += [Column("Người ký"), Column("Tệp", flexible=True)]
    rows = [
        [_title(row), row["version"], row["number"], day(row["issued_on"]), row["signer"], row["file_name"]]
        for row in papers
    ]
    print_table(columns, rows)


def _title(paper: dict[str, Any]) -> str:
    return paper["label"] if paper["title"] == paper["label"] else f"{paper['label']}: {paper['title']}"


def _last_step(step: dict[str, Any]) -> str:
    number = f", số {step['number']}" if step["number"] else ""
    note = f"; {step['note']}" if step["note"] else ""
    return f"{day(step['decided_on'])}  {step['label']} – {step['authority_label']}{number}{note}"


def print_history(code: str, events: list[dict[str, Any]]) -> None:
    """Print each event as a short paragraph: what, decided by whom, recorded by whom, and what it changed."""
    click.echo(f"{code}: {len(events)} sự kiện")
    for event in events:
        moved = (
            event["to_label"]
            if event["from"] in (None, event["to"])
            else f"{event['from_label']} → {event['to_label']}"
        )
        mark = "  [đã hủy ghi nhận]" if event["undone"] else ""
        vouched = event["vouched"]
        label = (
            f"{event['label']}, {vouched['by_name']} xác nhận, căn cứ {vouched['basis']}" if vouched else event["label"]
        )
        click.echo(f"\n{event['seq']:>3}  {label}  ({moved}){mark}")
        for label, text in _told(event):
            click.echo(f"     {padded(label, 11)}{text}")


def _told(event: dict[str, Any]) -> Iterable[tuple[str, str]]:
    if event["authority"]:
        number = f", số {event['number']}" if event["number"] else ""
        signer = f", ký: {event['signer']}" if event["signer"] else ""
        yield "Quyết định", f"{event['authority_label']}, ngày {day(event['decided_on'])}{number}{signer}"
    who = f"{event['recorded_by_name']} ({event['recorded_by']})" if event["recorded_by"] else "hệ thống"
    door = f"cửa {event['door']}" + (f", người dùng máy {event['os_user']}" if event["os_user"] else "")
    yield "Người ghi", f"{who}, lúc {minute(event['recorded_at'])}, {door}"
    if event["reverts"]:
        yield "Hủy bước", f"sự kiện {event['reverts']}"
    if event["note"]:
        yield "Lý do", event["note"]
    if event["override"]:
        yield "Vượt mức", event["override"]
    for change in event["changes"]:
        yield "Sửa", f"{change['label']}: {_value(change['old'])} → {_value(change['new'])}"
    for line in event["money"]:
        yield "Tiền", f"{line['source_label']}, {line['kind_label'].lower()}: {_signed(line['amount'])} đồng"
    for line in event["quantities"]:
        yield "Chỉ tiêu", f"{line['target']}: {_signed(line['quantity'])}"
    if event["missing"]:
        yield "Còn thiếu", "; ".join(event["missing"])
    for paper in event["papers"]:
        number = f", số {paper['number']}" if paper["number"] else ""
        file = f", tệp {paper['file_name']}" if paper["file_name"] else ""
        yield "Giấy tờ", f"{_title(paper)}{number}{file}"
    yield "Mã băm", event["hash"]


def _approval(old: dict[str, Any]) -> str:
    """The decision that approved an old record, as far as the old register tells it."""
    number = f"số {old['decision']}" if old["decision"] else ""
    on = f"ngày {day(old['decided_on'])}" if old["decided_on"] else ""
    return ", ".join(part for part in (number, on) if part)


def _value(value: Any) -> str:
    if value in (None, ""):
        return "(trống)"
    return format_number(value) if isinstance(value, int) else f"“{value}”"


def _signed(number: int) -> str:
    return f"{'+' if number >= 0 else '-'}{format_number(abs(number))}"
