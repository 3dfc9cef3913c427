"""`dean waterfall` and `dean reconcile`: what people read, what scripts get, and what is refused."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from states.facts import Instalment
from states.vocabulary import Route, Source, Stage

TRIEU = 1_000_000
SUMS = [
    *("asked", "appraised", "approved", "adjusted", "allotted", "contracted"),
    *("prepaid", "accepted", "paid", "settled", "released", "recovered"),
    *("returned", "balance", "cash_balance"),
]


def money(support: int, own: int | None = None) -> dict[Source, int]:
    """Amounts in triệu."""
    return {Source.LOCAL_FUND: support * TRIEU} | ({} if own is None else {Source.COUNTERPART: own * TRIEU})


def on(office: Any, day: str, code: str, action: str, by: str, **typed: Any) -> None:
    """Take one step in the morning of a day."""
    office.at = datetime.fromisoformat(f"{day}T02:00:00+00:00") - timedelta(days=1)
    office.step(code, action, by, **typed)


@pytest.fixture
def overpaid(office: Any) -> str:
    """Allotted on 01/02, arrived on 11/03, prepaid 140, accepted 130; of 10 to come back by parts 3 have come."""
    code: str = office.bring(office.open(), Stage.UNDERWAY)
    on(office, "2024-02-01", code, "allot", "dung", number="1/QĐ", decided_on=date(2024, 2, 1), amounts=money(200))
    on(office, "2024-03-11", code, "receive_funds", "dung", number="2/GBC")
    papers = {"papers": ("prepayment_request",), "decided_on": date(2024, 3, 12)}
    on(office, "2024-03-12", code, "prepay", "dung", number="20/UNC", amounts=money(140), **papers)
    office.bring(code, Stage.AWAITING_ACCEPTANCE)
    done = {"amounts": money(130, 400), "quantities": {"T2_2": 1}}
    on(office, "2024-04-02", code, "accept", "chi", number="23/BBNT", signer="Lê Minh Chi", **done)
    parts = (Instalment(date(2024, 5, 1), 6 * TRIEU), Instalment(date(2024, 7, 1), 4 * TRIEU))
    on(office, "2024-04-10", code, "demand_refund", "dung", number="24/CV", instalments=parts)
    on(office, "2024-04-20", code, "receive_recovery", "dung", number="25/GNT", amounts=money(3))
    return code


# --- waterfall ----------------------------------------------------------------------------------------


def test_waterfall_has_the_promised_fields(overpaid: str, dean: Any) -> None:
    found = dean("waterfall", overpaid, "--json").json

    assert list(found) == [
        *("scope", "sources", "total", "open", "closed", "projects"),
        *("dates", "entries", "acceptances", "recovery"),
    ]
    assert list(found["sources"]) == ["national_fund", "local_fund", "counterpart"]
    assert {tuple(sums) for sums in found["sources"].values()} == {tuple(SUMS)}
    assert list(found["total"]) == ["state", "all"]
    assert found["sources"]["local_fund"]["prepaid"] == 140 * TRIEU
    assert found["dates"]["days"]["allotted_to_arrived"] == 39
    assert found["recovery"]["overdue"] == 3 * TRIEU
    assert list(found["entries"][0]) == [
        *("event", "line", "seq", "date", "action", "label", "source", "source_label"),
        *("kind", "kind_label", "amount", "number", "undone"),
    ]
    assert found["projects"][0]["open"] == [
        {"kind": "not_settled", "source": "local_fund", "amount": 300 * TRIEU},
        {"kind": "not_settled", "source": "counterpart", "amount": 350 * TRIEU},
        {"kind": "cash_not_settled", "source": "local_fund", "amount": 130 * TRIEU},
        {"kind": "to_recover", "source": "local_fund", "amount": 7 * TRIEU},
    ]


def test_waterfall_of_a_project_is_printed_to_the_dong(overpaid: str, dean: Any) -> None:
    answer = dean("waterfall", overpaid)

    assert (answer.code, answer.lines) == (
        0,
        [
            f"{overpaid} Hỗ trợ ứng dụng máy móc thiết bị đóng gói",
            f"Đã nghiệm thu · năm kế hoạch 2024 · hợp đồng {overpaid}/HĐ ngày 09/01/2024",
            "",
            "Dòng tiền (đồng)",
            "Bước KC địa phương Đối ứng Cộng",
            answer.lines[5],
            "Đề nghị 300.000.000 350.000.000 650.000.000",
            "Thẩm định 300.000.000 350.000.000 650.000.000",
            "Phê duyệt 300.000.000 350.000.000 650.000.000",
            "Điều chỉnh (tăng, giảm) – – –",
            "Giao vốn 200.000.000 – 200.000.000",
            "Hợp đồng 300.000.000 350.000.000 650.000.000",
            "Tạm ứng 140.000.000 – 140.000.000",
            "Nghiệm thu 130.000.000 400.000.000 530.000.000",
            "Thanh toán – – –",
            "Quyết toán – – –",
            "Hủy dự toán, trả lại kế hoạch – – –",
            "Thu hồi 3.000.000 – 3.000.000",
            "Phê duyệt còn mở 300.000.000 350.000.000 650.000.000",
            "Tiền đã chi còn mở 137.000.000 0 137.000.000",
            "",
            "Còn mở",
            "Đã phê duyệt, chưa quyết toán: 300.000.000 đồng KC địa phương",
            "Đã phê duyệt, chưa quyết toán: 350.000.000 đồng Đối ứng",
            "Đã chi, chưa quyết toán: 130.000.000 đồng KC địa phương",
            "Đã chi quá số được hưởng, còn phải thu hồi: 7.000.000 đồng KC địa phương",
            "",
            "Ngày của dòng tiền",
            "Ký hợp đồng 09/01/2024",
            "Giao vốn 01/02/2024",
            "Vốn về 11/03/2024 (sau giao vốn 39 ngày)",
            "Tạm ứng 12/03/2024 (sau vốn về 1 ngày)",
            "Nghiệm thu 02/04/2024",
            "",
            "Nghiệm thu (đồng)",
            "Ngày Đơn vị thụ hưởng Kết quả Chi phí hợp lệ Hỗ trợ Đối ứng Lý do",
            answer.lines[36],
            "02/04/2024 cả đề án Đạt – 130.000.000 400.000.000 –",
            "",
            "Thu hồi tính đến 03/06/2024 (đồng)",
            "Hạn nộp Phải nộp Đã nộp Còn lại Tình trạng",
            answer.lines[41],
            "01/05/2024 6.000.000 3.000.000 3.000.000 quá hạn",
            "01/07/2024 4.000.000 0 4.000.000 chưa đến hạn",
            "Đã nộp 3.000.000 đồng; quá hạn 3.000.000 đồng.",
        ],
    )


def test_amounts_of_the_waterfall_stand_right_aligned(overpaid: str, dean: Any) -> None:
    lines = dean("waterfall", overpaid).out.splitlines()

    table = lines[4:20]
    assert {len(line) for line in table} == {len(table[0])}


def test_entries_and_another_day_come_on_request(overpaid: str, dean: Any) -> None:
    entries = dean("waterfall", overpaid, "--entries").lines
    later = dean("waterfall", overpaid, "--as-of", "02/07/2024").lines

    assert any(
        line.startswith("20/04/2024 Ghi tiền nộp trả Thu hồi KC địa phương 3.000.000 25/GNT ") for line in entries
    )
    assert "01/07/2024 4.000.000 0 4.000.000 quá hạn" in later
    assert "Đã nộp 3.000.000 đồng; quá hạn 7.000.000 đồng." in later


def test_closed_project_says_that_nothing_is_open(office: Any, dean: Any) -> None:
    lines = dean("waterfall", office.bring(office.open(), Stage.SETTLED)).lines

    place = lines.index("Đã khép")
    assert lines[place + 1] == "Không còn khoản nào."
    assert "Thanh toán 13/01/2024 (sau nghiệm thu 1 ngày)" in lines


def test_contract_year_and_programme_are_printed_with_their_parts(office: Any, dean: Any) -> None:
    local = office.bring(office.open(), Stage.CONTRACTED)
    office.bring(office.open(route=Route.NATIONAL, content=3, targets={"T3_4": 1}), Stage.APPROVED)

    contract = dean("waterfall", "--contract", f"{local}/HĐ").lines
    year, one_route = (
        dean("waterfall", "--year", "2024").lines,
        dean("waterfall", "--year", "2024", "--route", "local").lines,
    )
    programme = dean("waterfall", "--programme", "KC-VL-2021-2025").lines

    assert contract[:2] == [
        f"Hợp đồng {local}/HĐ ngày 09/01/2024, Trung tâm Khuyến công",
        "1 đề án, 0 đã khép; hỗ trợ theo hợp đồng 300.000.000 đồng",
    ]
    assert contract[-1] == f"{local} Đã ký hợp đồng 300.000.000 300.000.000 0 0 0 0 0 300.000.000"
    assert year[0] == "Năm kế hoạch 2024: 2 đề án, 0 đã khép"
    assert year[3] == "Bước KC quốc gia KC địa phương Đối ứng Vốn nhà nước Cộng"
    assert "Phê duyệt 300.000.000 300.000.000 700.000.000 600.000.000 1.300.000.000" in year
    assert "Đã phê duyệt, chưa quyết toán: 700.000.000 đồng Đối ứng (2 đề án)" in year
    assert one_route[0] == "Năm kế hoạch 2024, khuyến công địa phương: 1 đề án, 0 đã khép"
    assert programme[0] == "Chương trình KC-VL-2021-2025: 2 đề án, 0 đã khép"
    assert [line[:2] for line in programme if line[:2] in ("2 ", "3 ")] == ["2 ", "3 "]
    assert programme[-1] == "Từng đề án đứng sau các số này: thêm --json."


def test_json_of_a_year_lists_the_projects_and_contents_behind_it(office: Any, dean: Any) -> None:
    code = office.bring(office.open(), Stage.CONTRACTED)

    found = dean("waterfall", "--year", "2024", "--json").json

    assert found["scope"] == {
        "kind": "year",
        "year": 2024,
        "route": None,
        "projects": 1,
        "closed_projects": 0,
        "limited_to": None,
    }
    assert [(row["code"], row["stage"], row["closed"]) for row in found["projects"]] == [(code, "contracted", False)]
    assert [(row["programme"], row["no"]) for row in found["contents"]] == [("KC-VL-2021-2025", 2)]


def test_reader_sees_the_own_scope_and_is_told_so(office: Any, dean: Any) -> None:
    code = office.bring(office.open(), Stage.CONTRACTED)
    office.bring(office.open(by="yen", unit="hoi"), "draft")

    hidden = dean("waterfall", code, "--by", "yen")
    own, everything = (dean("waterfall", "--year", "2024", "--by", who).lines for who in ("an", "em"))

    assert (hidden.code, hidden.out) == (1, "")
    assert f"Không có đề án {code} trong phạm vi xem của Phạm Thị Yến" in hidden.err
    assert own[1] == "(chỉ gồm đề án trong phạm vi xem của Nguyễn Văn An)"
    assert everything[1] == ""


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "Hãy ghi đúng một: MÃ đề án, --contract, --year hoặc --programme."),
        (("KC-VL-2024-001", "--year", "2024"), "Hãy ghi đúng một: MÃ đề án, --contract, --year hoặc --programme."),
        (("--programme", "KC", "--contract", "1"), "Hãy ghi đúng một: MÃ đề án, --contract, --year hoặc --programme."),
        (("--programme", "KC", "--route", "local"), "--route chỉ đi với --year."),
        (("--contract", "1", "--year", "2024", "--route", "local"), "--route chỉ đi với --year."),
        (("--year", "2024", "--entries"), "--entries và --as-of chỉ đi với MÃ đề án."),
    ],
)
def test_unclear_question_is_answered_with_how_to_ask(
    office: Any, dean: Any, words: tuple[str, ...], sentence: str
) -> None:
    answer = dean("waterfall", *words)

    assert (answer.code, answer.out) == (2, "")
    assert answer.err == f"{sentence} Xem: dean waterfall --help\n"


def test_unknown_contract_and_empty_year_are_told_apart(office: Any, dean: Any) -> None:
    office.bring(office.open(), Stage.CONTRACTED)

    unknown, empty = dean("waterfall", "--contract", "99/HĐ"), dean("waterfall", "--year", "2031")

    assert (unknown.code, empty.code) == (1, 0)
    assert "Không có hợp đồng số «99/HĐ»" in unknown.err
    assert "Không có đề án nào." in empty.lines


# --- reconcile ----------------------------------------------------------------------------------------


def test_reconciled_register_is_one_sentence_and_exit_0(office: Any, dean: Any) -> None:
    office.bring(office.open(), Stage.SETTLED)

    printed, scripted = dean("reconcile"), dean("reconcile", "--json")

    assert (printed.code, printed.out) == (
        0,
        "Đối chiếu khớp đến từng đồng: 1 đề án, 1 hợp đồng, 1 quyết định, 14 khoản tiền, 14 sự kiện của đề án.\n",
    )
    assert (scripted.code, scripted.json) == (
        0,
        {
            "ok": True,
            "checked": {
                "projects": 1,
                "events": 14,
                "entries": 14,
                "contracts": 1,
                "decisions": 1,
                "acceptances": 1,
            },
            "differences": [],
        },
    )


def test_difference_is_told_to_the_dong_with_its_rows_and_exit_1(office: Any, dean: Any) -> None:
    code = office.bring(office.open(), Stage.APPROVED)
    with office.store.writer.begin() as connection:
        connection.execute(text("UPDATE funding SET approved = approved + 12 WHERE source = 'local_fund'"))

    printed, scripted = dean("reconcile"), dean("reconcile", "--json")

    first = scripted.json["differences"][0]
    assert (printed.code, scripted.code, scripted.json["ok"]) == (1, 1, False)
    assert (first["scope"], first["subject"], first["source"]) == ("project", code, "local_fund")
    assert (first["left"], first["right"], first["difference"]) == (300 * TRIEU + 12, 300 * TRIEU, 12)
    assert first["equation"] == "số dư phê duyệt = cộng các khoản đã ghi"
    assert [row["table"] for row in first["rows"]] == ["funding", "money_entry"]
    assert first["row_count"] == 2
    lines = printed.out.splitlines()
    assert lines[0].startswith("Đối chiếu thấy 6 chỗ lệch trong 1 đề án")
    assert lines[1] == f"- {first['sentence']}"
    assert lines[2:4] == [
        f"    funding {first['rows'][0]['key']}: +300.000.012",
        f"    money_entry {first['rows'][1]['key']}: +300.000.000",
    ]
