"""`dean rollup`: tables with their cut-off, JSON, the check that stops at one đồng, and the rows behind a figure."""

from typing import Any

from sqlalchemy import text

TRIEU = 1_000_000


def forge(office: Any) -> None:
    with office.store.writer.begin() as connection:
        connection.execute(text("UPDATE funding SET settled = settled - 1 WHERE source = 'local_fund'"))


def test_table_shows_sources_projects_and_the_cut_off(office: Any, dean: Any) -> None:
    office.bring(office.open(), "settled")
    office.bring(office.open(), "approved")

    shown = dean("rollup", "show", "--programme", "KC-VL-2021-2025", "--year", "2024")

    assert shown.code == 0
    assert shown.lines[1] == f"Số liệu ghi đến ngày {office.today:%d/%m/%Y}, sự kiện {dean.events()}"
    local, own, both, *whole = shown.lines[-6:]
    assert local.startswith("2 ")
    assert local.endswith("KC địa phương 600 2 600 2 300 1 300 1")
    assert own == "Đối ứng 700 2 700 2 350 1 350 1"
    assert both == "Cộng 1.300 2 1.300 2 650 1 650 1"
    assert [line.replace("Tổng ", "") for line in whole] == [local.partition("SXSH ")[2], own, both]


def test_json_carries_integers_and_the_cut_off(office: Any, dean: Any) -> None:
    office.bring(office.open(), "approved")

    found = dean("rollup", "show", "--by", "tháng", "--as-of", "30/06/2024", "--json").json

    assert (found["by"], found["as_of"], found["cutoff"]["event"]) == ("month", "2024-06-30", dean.events())
    assert found["total"]["total"]["approved"] == {"amount": 650 * TRIEU}
    [approved] = [row for row in found["rows"] if row["figures"]["total"]["approved"]["amount"]]
    assert approved["key"] == f"{office.today:%Y-%m}"


def test_targets_are_shown_in_their_units(office: Any, dean: Any) -> None:
    office.bring(office.open(), "approved")

    shown = dean("rollup", "show", "--by", "target")

    [line] = [line for line in shown.lines if line.startswith("T2_2 ")]
    assert line.endswith("lượt cơ sở 1 1 1 1 0 0 0 0")


def test_check_says_that_both_ways_agree(office: Any, dean: Any) -> None:
    office.bring(office.open(), "settled")

    checked, told = dean("rollup", "check"), dean("rollup", "check", "--json").json

    assert checked.code == 0
    assert checked.lines[0].startswith("KC-VL-2021-2025: hai cách cộng khớp ở ")
    assert (told["ok"], [each["differences"] for each in told["programmes"]]) == (True, [[]])


def test_one_dong_stops_the_check_and_the_table(office: Any, dean: Any) -> None:
    office.bring(office.open(), "settled")
    forge(office)

    checked, told, shown = dean("rollup", "check"), dean("rollup", "check", "--json"), dean("rollup", "show")

    assert (checked.code, told.code, shown.code) == (1, 1, 1)
    assert "cộng số dư là 299.999.999 đồng, cộng các khoản đã ghi là 300.000.000 đồng; lệch 1 đồng." in checked.out
    assert [each["difference"] for each in told.json["programmes"][0]["differences"]] == [-1, -1, -1]
    assert (shown.out, "lệch 1 đồng" in shown.err) == ("", True)


def test_rows_name_the_projects_behind_a_figure(office: Any, dean: Any) -> None:
    settled, approved = office.bring(office.open(), "settled"), office.bring(office.open(), "approved")

    told = dean("rollup", "rows", "ttkc", "--by", "unit", "--step", "approved", "--json").json
    printed = dean("rollup", "rows", "local_fund", "--by", "source", "--step", "settled")

    assert [(row["project"], row["amount"]) for row in told["rows"]] == [
        (settled, 650 * TRIEU),
        (approved, 650 * TRIEU),
    ]
    assert (told["projects"], told["amount"], told["cutoff"]["event"]) == (2, 1300 * TRIEU, dean.events())
    assert printed.lines[2].startswith(f"{settled} ")
    assert printed.lines[-1].startswith("1 đề án, cộng 300.000.000; số liệu ghi đến ngày ")


def test_wrong_words_are_refused(office: Any, dean: Any) -> None:
    unknown_month = dean("rollup", "rows", "13/2024", "--by", "month")
    unknown_cut = dean("rollup", "show", "--by", "xa")
    unknown_programme = dean("rollup", "show", "--programme", "KC-XX")

    assert (unknown_month.code, unknown_cut.code, unknown_programme.code) == (1, 2, 1)
    assert unknown_month.err.splitlines()[-1] == "Không hiểu tháng “13/2024”; hãy ghi dạng 2024-03."


def test_reader_sees_the_own_scope(office: Any, dean: Any) -> None:
    office.bring(office.open(), "approved")

    told = dean("rollup", "show", "--reader", "yen", "--json").json

    assert (told["limited_to"], told["rows"]) == ("Phạm Thị Yến", [])
