"""The file of one project on paper: facts, the five states, targets, money, papers, deadlines, changes, history."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flows.jobs.papers.letters.making import PaperForm, plain
from flows.jobs.papers.sheets.frame import day, sheet_file, sure
from flows.jobs.papers.tables.frame import File, Occasion
from models.queries import history, show_project
from models.queries.adjustments import adjustments
from models.queries.deadlines import deadlines_of
from models.queries.histories import milestones
from models.queries.papers import papers_of
from models.waterfall import WATERFALL, project_waterfall
from states.activities import ACTIVITIES
from states.facts import OFFICE_TIME
from states.old_records import MARK, marked
from states.vocabulary import Source
from states.words import format_dong, format_number

if TYPE_CHECKING:
    from documents.sheets import Align, Block


def dossier_file(occasion: Occasion, code: str, form: PaperForm) -> File:
    """The dossier of a project. Raises Refused for one that the reader may not see."""
    session, reader = occasion.session, occasion.reader
    sheet = plain(show_project(session, code, reader=reader, today=occasion.today))
    events = plain(history(session, code, reader=reader))
    money = project_waterfall(session, code, as_of=occasion.today, reader=reader)
    blocks = [
        *_facts(sheet),
        *_track(events),
        *_targets(sheet),
        *_money(money),
        *_deadlines(plain(deadlines_of(session, code, as_of=occasion.today, every=True))),
        *_requests(plain(adjustments(session, code=code, reader=reader))),
        *_papers(plain(papers_of(session, code, reader=reader))),
        *_history(events),
    ]
    stage = marked(sheet["stage_label"], is_old=sheet["vouched"] is not None)
    subtitles = [sheet["name"], f"{sheet['state_label']}: {stage}"]
    return sheet_file(occasion, "dossier", code, form, title=f"Hồ sơ đề án {code}", subtitles=subtitles, blocks=blocks)


def _facts(sheet: Mapping[str, Any]) -> Iterator["Block"]:
    from documents.sheets import Facts, Heading

    yield Heading("Thông tin chung")
    rows = (
        ("Chương trình", sheet["programme"]["name"]),
        ("Nội dung", f"{sheet['content']['no']}. {sheet['content']['name']}"),
        ("Hoạt động", ACTIVITIES.get(sheet["activity"], sheet["activity"])),
        ("Máy móc, thiết bị", sheet["equipment"]),
        ("Tuyến, loại", f"{sheet['route_label']}; {sheet['kind_label']}"),
        ("Năm kế hoạch", _years(sheet)),
        ("Đơn vị thực hiện", sheet["unit"]["name"]),
        ("Người nhập" if sheet["vouched"] else "Người lập", sheet["author"]["name"]),
        (MARK, _vouched(sheet["vouched"])),
        ("Địa điểm", sheet["place"]["name"] if sheet["place"] else ""),
        ("Đơn vị thụ hưởng", "; ".join(_beneficiary(row) for row in sheet["beneficiaries"])),
        ("Đơn vị phối hợp", sheet["partner"]),
        ("Thời gian", f"{day(sheet['starts_on'], '…')} đến {day(sheet['ends_on'], '…')}"),
        ("Mục tiêu", sheet["objectives"]),
        ("Quy mô, nội dung", sheet["scope"]),
        ("Hiệu quả dự kiến", sheet["expected_effect"]),
        ("Tổng kinh phí", format_dong(sheet["total_cost"]) if sheet["total_cost"] else ""),
        ("Còn phải bổ sung", "; ".join(sheet["missing"])),
    )
    yield Facts([(name, value) for name, value in rows if value])


def _vouched(old: Mapping[str, Any] | None) -> str:
    """Who vouches for an old record, and what the old register told beside the figures."""
    if old is None:
        return ""
    decided = f"ngày {day(old['decided_on'])}" if old["decided_on"] else ""
    settled = f"quyết toán ngày {day(old['settled_on'])}" if old["settled_on"] else ""
    decision = " ".join(filter(None, ("quyết định", old["decision"], decided))) if old["decision"] or decided else ""
    told = (f"{old['by_name']} xác nhận, căn cứ {old['basis']}", decision, settled, old["place_then"])
    return "; ".join(filter(None, told))


def _years(sheet: Mapping[str, Any]) -> str:
    later = "" if sheet["work_year"] == sheet["plan_year"] else f", thực hiện năm {sheet['work_year']}"
    return f"{sheet['plan_year']}{later}"


def _beneficiary(row: Mapping[str, Any]) -> str:
    tax = f", mã số thuế {row['tax_code']}" if row["tax_code"] else ""
    place = f", {row['place']}" if row["place"] else ""
    return f"{row['name']}{tax}{place}"


def _track(events: list[dict[str, Any]]) -> Iterator["Block"]:
    from documents.sheets import Heading, Milestone, Track

    yield Heading("Năm trạng thái")
    yield Track([Milestone(row["label"], day(row["on"])) for row in milestones(events)])


def _targets(sheet: Mapping[str, Any]) -> Iterator["Block"]:
    from documents.sheets import Heading, Table

    if not sheet["targets"]:
        return
    yield Heading("Chỉ tiêu")
    steps = ("planned", "approved", "accepted", "settled")
    yield Table(
        ("Chỉ tiêu", "Đơn vị", "Kế hoạch", "Phê duyệt", "Nghiệm thu", "Quyết toán"),
        (40, 12, 12, 12, 12, 12),
        ("left", "left", "right", "right", "right", "right"),
        [
            (f"{row['code']} {row['name']}", row["unit"], *(format_number(row[step]) for step in steps))
            for row in sheet["targets"]
        ],
    )


def _money(money: Mapping[str, Any]) -> Iterator["Block"]:
    from documents.sheets import Heading, Table, Words

    yield Heading("Dòng tiền (đồng)")
    sources = [source for source in Source if any(money["sources"][str(source)].values())]
    if not sources:
        yield Words("Chưa ghi khoản tiền nào.")
        return
    columns = [money["sources"][str(source)] for source in sources]
    kinds = [kind for kind in WATERFALL if any(column[kind] for column in columns)]
    rows = [(kind.label, *(format_number(column[kind]) for column in columns)) for kind in kinds]
    amounts: list[Align] = ["right"] * len(sources)
    for name, label in _EQUATIONS:
        rows.append((label, *(format_number(column[name]) for column in columns)))
    yield Table(
        ("Khoản", *(source.label for source in sources)),
        (55, *(15 for _ in sources)),
        ("left", *amounts),
        rows,
        shaded=list(range(len(kinds), len(rows))),
    )
    if contract := money["scope"]["contract"]:
        yield Words(f"Hợp đồng {contract['number']} ngày {day(contract['signed_on'])}, {contract['signer']} ký.")


#: The two equations of the money; both remainders are nothing once a project is closed.
_EQUATIONS = (
    ("balance", "Còn lại: phê duyệt sau điều chỉnh − quyết toán − hủy dự toán"),
    ("cash_balance", "Còn lại: tạm ứng + thanh toán − quyết toán − thu hồi"),
)


def _deadlines(rows: list[dict[str, Any]]) -> Iterator["Block"]:
    from documents.sheets import Heading, Table

    if not rows:
        return
    yield Heading("Thời hạn")
    yield Table(
        ("Thời hạn", "Bắt đầu", "Hạn", "Kết thúc", "Tình trạng", "Căn cứ"),
        (30, 12, 12, 12, 14, 30),
        ("left",) * 6,
        [
            (
                row["label"],
                day(row["started_on"]),
                day(row["due_on"]),
                day(row["stopped_on"]),
                row["left"],
                sure(row["basis"], row["verified"]),
            )
            for row in rows
        ],
        size=9,
    )


def _requests(rows: list[dict[str, Any]]) -> Iterator["Block"]:
    from documents.sheets import Heading, Table

    if not rows:
        return
    yield Heading("Đề nghị điều chỉnh")
    yield Table(
        ("Ngày, số", "Nội dung", "Lý do", "Cơ quan quyết định", "Kết quả"),
        (16, 26, 26, 16, 16),
        ("left",) * 5,
        [
            (
                " ".join(filter(None, (day(row["requested_on"]), row["number"]))),
                "; ".join(row["kind_labels"]),
                row["reason"],
                row["authority_label"],
                row["status_label"],
            )
            for row in rows
        ],
        size=9,
    )


def _papers(rows: list[dict[str, Any]]) -> Iterator["Block"]:
    from documents.sheets import Heading, Table

    if not rows:
        return
    yield Heading("Giấy tờ trong hồ sơ")
    yield Table(
        ("Giấy tờ", "Lần", "Số", "Ngày", "Người ký", "Mã băm của tệp"),
        (34, 6, 18, 12, 18, 16),
        ("left", "right", "left", "left", "left", "left"),
        [
            (
                row["title"],
                str(row["version"]),
                row["number"],
                day(row["issued_on"]),
                row["signer"],
                row["sha256"][:16] if row["sha256"] else "bản giấy",
            )
            for row in rows
        ],
        size=9,
    )


def _history(events: list[dict[str, Any]]) -> Iterator["Block"]:
    from documents.sheets import Heading, Table, Words

    yield Heading("Lịch sử")
    yield Table(
        ("STT", "Ngày quyết định", "Lúc ghi", "Bước", "Cơ quan, số văn bản", "Người ghi", "Mã băm"),
        (6, 13, 17, 28, 22, 17, 12),
        ("right", *("left",) * 6),
        [
            (
                str(event["seq"]),
                day(event["decided_on"]),
                _minute(event["recorded_at"]),
                _step(event),
                ", ".join(filter(None, (event["authority_label"], event["number"]))),
                event["recorded_by_name"] or "hệ thống",
                event["hash"][:12],
            )
            for event in events
        ],
        shaded=[no for no, event in enumerate(events) if event["undone"]],
        size=8.5,
    )
    yield Words(f"Mã băm đầy đủ của sự kiện cuối: {events[-1]['hash']}", quiet=True)


def _minute(iso: str) -> str:
    return f"{datetime.fromisoformat(iso).astimezone(OFFICE_TIME):%d/%m/%Y %H:%M}"


def _step(event: Mapping[str, Any]) -> str:
    amounts = "; ".join(
        f"{row['kind_label']} {row['source_label']}: {format_number(row['amount'])}" for row in event["money"]
    )
    undone = " (đã hủy vì ghi nhầm)" if event["undone"] else ""
    old = event["vouched"]
    vouched = f", {old['by_name']} xác nhận, căn cứ {old['basis']}" if old else ""
    return ". ".join(filter(None, (f"{event['label']}{vouched}{undone}", amounts, event["note"])))
