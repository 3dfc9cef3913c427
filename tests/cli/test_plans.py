"""dean plan: from the candidates to the close, in words and in JSON."""

from typing import Any

MILLION = 1_000_000
LOCAL = ("2024", "--route", "local")
DAY = ("--decided-on", "03/06/2024")
DECISION = ("--decision", "980/QĐ-UBND", *DAY, "--signer", "Lê Quang Trung")


def _cleared(office: Any, number: int = 2, **changes: Any) -> list[str]:
    workshops = [office.workshop(f"Cơ sở {office.at:%j}-{place}") for place in range(number)]
    return [office.bring(office.open(beneficiaries=(workshop,), **changes), "cleared") for workshop in workshops]


def _appraised(dean: Any) -> None:
    for words in (
        ("build", *LOCAL, "--by", "binh"),
        ("propose", *LOCAL, "--number", "50/TTr-SCT", "--signer", "Lê Minh Chi", *DAY, "--by", "binh"),
        ("appraise", *LOCAL, "--number", "60/STC", "--signer", "Hồ Văn Khoa", *DAY, "--by", "bach"),
    ):
        done = dean("plan", *words)
        assert done.code == 0, done.err


def test_plan_is_built_proposed_appraised_and_approved(office: Any, dean: Any) -> None:
    codes = _cleared(office)
    _appraised(dean)

    done = dean("plan", "approve", *LOCAL, *DECISION, "--total", "600tr", "--by", "binh", "--json")

    shown = dean("plan", "show", *LOCAL, "--json").json
    assert done.code == 0, done.err
    assert (done.json["status"], done.json["version"], done.json["support"]) == ("approved", 4, 600 * MILLION)
    told = ("year", "route", "version", "status", "hash", "number", "decided_on")
    assert [shown[name] for name in told] == [
        *(2024, "local", 4, "approved", done.json["hash"], "980/QĐ-UBND", "2024-06-03")
    ]
    assert [(line["code"], line["stage"], line["approved"]) for line in shown["lines"]] == [
        (code, "approved", True) for code in codes
    ]
    assert shown["totals"]["money"]["local_fund"] == 600 * MILLION
    assert [row["status"] for row in shown["versions"]] == ["draft", "proposed", "appraised", "approved"]
    assert dean("verify").code == 0


def test_version_is_read_back_as_it_was(office: Any, dean: Any) -> None:
    _cleared(office)
    _appraised(dean)
    before = dean("plan", "show", *LOCAL, "--version", "2", "--json").json
    dean("plan", "approve", *LOCAL, *DECISION, "--total", "600tr", "--by", "binh")

    assert dean("plan", "show", *LOCAL, "--version", "2", "--json").json == before
    assert before["status"] == "proposed"


def test_plan_of_both_routes_shows_the_candidates_of_today(office: Any, dean: Any) -> None:
    [ready] = _cleared(office, 1)
    handed_in = office.bring(office.open(route="national"), "submitted")
    office.open()

    shown = dean("plan", "show", "2024", "--json").json

    assert [shown[name] for name in ("route", "version", "status", "hash", "drafts")] == [None, None, None, None, 1]
    assert [line["code"] for line in shown["lines"]] == [ready, handed_in]
    assert [row["code"] for row in shown["blocked"]] == [handed_in]


def test_plan_is_told_in_tables(office: Any, dean: Any) -> None:
    [code] = _cleared(office, 1, place="vlm-p-long-chau", priorities=("farm_processing",))
    blocked = office.bring(office.open(total_cost=0), "submitted")
    dean("plan", "build", *LOCAL, "--by", "binh")

    told = dean("plan", "show", *LOCAL)

    assert told.code == 0, told.err
    assert told.lines[0].startswith("Kế hoạch năm 2024, khuyến công địa phương: ")
    assert told.lines[1] == "«Đang lập»; phiên bản 1."
    [row] = [line for line in told.lines if line.startswith(f"1 {code}")]
    assert row == (
        f"1 {code} Hỗ trợ ứng dụng máy móc thiết bị đóng gói 2 ttkc phường Long Châu 300 350 650 10 "
        "Đạt thẩm định, chờ phê duyệt"
    )
    assert "Cộng 1 – 300 350 650" in told.lines
    assert "Chưa vào kế hoạch: 1 đề án" in told.lines
    assert f"{blocked} Hỗ trợ ứng dụng máy móc thiết bị đóng gói" in [line.strip() for line in told.lines]
    assert "Chưa ghi tổng kinh phí; hãy ghi (dean project edit MÃ --total-cost)." in told.lines


def test_addition_comes_by_a_supplementary_decision(office: Any, dean: Any) -> None:
    _cleared(office, 1)
    _appraised(dean)
    dean("plan", "approve", *LOCAL, *DECISION, "--total", "300tr", "--by", "binh")
    [late] = _cleared(office, 1)

    direct = dean("approve", late, "--decision", "981/QĐ-UBND", *DECISION[2:], "--total", "300tr", "--by", "binh")
    whole = ("--decision", "981/QĐ-UBND", *DECISION[2:], "--total", "250tr")
    added = dean("plan", "adjust", *LOCAL, "--add", f"{late}=250tr", *whole, "--by", "binh")

    assert direct.code == 1
    assert f"hãy bổ sung vào kế hoạch (dean plan adjust 2024 --route local --add {late})" in direct.err
    assert added.lines[:2] == [
        "Kế hoạch năm 2024: Điều chỉnh, bổ sung; nay «Đã phê duyệt», phiên bản 5, điều chỉnh lần 1.",
        f"2 đề án, hỗ trợ 550.000.000 đồng. Mã băm {dean('plan', 'list', '--json').json[0]['hash'][:16]}…",
    ]
    assert added.lines[2] == f"{late}: bổ sung hỗ trợ 250.000.000 đồng (đối ứng 350.000.000 đồng)."


def test_refusals_are_sentences_and_change_nothing(office: Any, dean: Any) -> None:
    [code] = _cleared(office, 1)
    before = dean.events()

    early = dean("plan", "propose", *LOCAL, "--number", "1", "--signer", "X", "--by", "binh")
    stranger = dean("plan", "build", *LOCAL, "--by", "em")
    unknown = dean("plan", "build", "2019", "--route", "local", "--by", "binh")
    no_route = dean("plan", "build", "2024", "--by", "binh")
    twice = dean("plan", "build", *LOCAL, "--include", f"{code}=a", "--include", f"{code}=b", "--by", "binh")
    half = dean("plan", "adjust", *LOCAL, "--add", code, "--decision", "9/QĐ", "--by", "binh")
    version = dean("plan", "show", "2024", "--version", "1")

    assert [answer.code for answer in (early, stranger, unknown, no_route, twice, half, version)] == [
        *(1, 1, 1, 2, 1, 1, 2)
    ]
    assert "hãy tổng hợp trước (dean plan build 2024 --route local)" in early.err
    assert "không được ghi bước «Tổng hợp lại danh mục»" in stranger.err
    assert "Năm 2019 chưa có chương trình nào; hãy ghi --programme MÃ" in unknown.err
    assert "phải có ngày, người ký và tổng hỗ trợ" in half.err
    assert dean.events() == before


def test_returned_and_closed(office: Any, dean: Any) -> None:
    [code] = _cleared(office, 1)
    _appraised(dean)
    returned = dean("plan", "return", *LOCAL, "--note", "Rà soát lại", "--by", "chi", "--json")
    dean("plan", "build", *LOCAL, "--by", "binh")
    dean("plan", "propose", *LOCAL, "--number", "51/TTr", "--signer", "Lê Minh Chi", *DAY, "--by", "binh")
    dean("plan", "appraise", *LOCAL, "--number", "61/STC", "--signer", "Hồ Văn Khoa", *DAY, "--by", "bach")
    dean("plan", "approve", *LOCAL, *DECISION, "--total", "300tr", "--by", "binh")

    too_early = dean("plan", "close", *LOCAL, "--by", "binh")

    assert returned.json["status"] == "draft"
    assert too_early.err.splitlines()[-1] == (
        f"{code}: còn «Trong kế hoạch»; hãy quyết toán, ngừng hoặc chuyển năm rồi khép kế hoạch."
    )


def test_ranking_is_explained_line_by_line(office: Any, dean: Any) -> None:
    plain = office.bring(office.open(), "submitted")
    farm = office.bring(office.open(priorities=("farm_processing", "ocop")), "submitted")

    table = dean("plan", "rank", *LOCAL)
    explained = dean("plan", "rank", *LOCAL, "--explain", farm)
    read = dean("plan", "rank", *LOCAL, "--json").json

    assert [line.split()[:2] for line in table.lines[3:5]] == [["1", farm], ["2", plain]]
    assert "10 Công nghiệp chế biến nông sản - thủy sản: đề án đăng ký tiêu chí này (QĐ 3082/QĐ-UBND mục II.3.2.a)" in [
        line.strip() for line in explained.lines
    ]
    assert [(row["project"], row["position"], row["points"]) for row in read["ranked"]] == [
        (farm, 1, 10),
        (plain, 2, 0),
    ]
    assert read["ranked"][0]["remarks"][0].startswith("Tiêu chí “ocop” không có trong danh mục")
    assert read["warnings"]


def test_list_of_plans_is_empty_at_first(office: Any, dean: Any) -> None:
    none = dean("plan", "list")
    _cleared(office, 1)
    dean("plan", "build", *LOCAL, "--by", "binh")

    [listed] = dean("plan", "list", "--json").json
    table = dean("plan", "list")

    assert (none.out, "Chưa có kế hoạch nào" in none.err) == ("", True)
    assert (listed["status"], listed["lines"], listed["support"]) == ("draft", 1, 300 * MILLION)
    assert table.lines[2] == "2024 Khuyến công địa phương KC-VL-2021-2025 Đang lập 1 0 1 300 – 03/06/2024"


def test_priority_rules_are_listed_added_and_changed(office: Any, dean: Any) -> None:
    row = (
        "- {id: R-VL-OCOP, criterion: typical_product, jurisdiction: vinh-long, route: local, points: 7,"
        " basis: Quy chế, verified: true, effective_from: 2031-01-01}"
    )
    path = dean.file("uu-tien.yaml", f"schema_version: 1\nrows:\n  {row}\n")
    until = ("--until", "31/12/2030", "--basis", "Nghị quyết mới", "--by", "giang")

    ended = dean("rules", "set", "R-VL-TYPICAL-PRODUCT-26", *until)
    added = dean("rules", "add", "--priorities", path, "--basis", "Nghị quyết mới", "--by", "giang", "--json")
    more = dean("rules", "set", "R-VL-KEY-PRODUCT-26", "--points", "6", "--basis", "Công văn", "--by", "giang")

    assert (ended.code, added.json["codes"], more.code) == (0, ["R-VL-OCOP"], 0)
    listed = dean("rules", "list", "--kind", "priority", "--json").json
    assert {row["code"]: row["points"] for row in listed["priorities"]}["R-VL-KEY-PRODUCT-26"] == 6
    assert "ưu tiên 7 điểm" in dean("rules", "show", "R-VL-OCOP").out
    wrong = dean("rules", "set", "R-VL-OCOP", "--percent", "5", "--basis", "x", "--by", "giang")
    assert wrong.err.splitlines()[-1] == "R-VL-OCOP là mức ưu tiên, không ghi --percent; hãy bỏ các tùy chọn đó."
    assert dean("verify").code == 0


def test_possible_duplicate_is_told_with_the_command_that_takes_it_in(office: Any, dean: Any) -> None:
    firm = office.workshop("Hợp tác xã Dừa Xanh")
    for _ in range(2):
        office.bring(office.open(equipment="máy sấy dừa", beneficiaries=(firm,)), "cleared")

    built = dean("plan", "build", *LOCAL, "--by", "binh")
    told = dean("plan", "show", *LOCAL)

    assert built.lines[2] == "Chưa đề án nào vào được dự thảo; hãy xem từng đề án còn vướng gì (dean plan show)."
    assert told.lines[-1] == (
        "Đề án chỉ còn vướng nghi trùng hỗ trợ: đối chiếu xong thì đưa vào kèm lý do "
        "(dean plan build 2024 --route local --include MÃ=LÝ DO)."
    )


def test_reader_with_a_scope_is_told_what_the_table_leaves_out(office: Any, dean: Any) -> None:
    _cleared(office, 1)
    [own] = _cleared(office, 1, place="vlm-p-long-chau")
    dean("plan", "build", *LOCAL, "--by", "binh")

    ranked = dean("plan", "rank", *LOCAL, "--by", "hanh")
    shown = dean("plan", "show", *LOCAL, "--by", "hanh")

    assert ranked.lines[1] == "(chỉ gồm đề án trong phạm vi xem của Ngô Mỹ Hạnh; hạng là hạng trong cả danh mục)"
    assert [line[: len(own) + 2] for line in ranked.lines if own in line] == [f"2 {own}"]
    assert "(chỉ gồm đề án trong phạm vi xem của Ngô Mỹ Hạnh; các số cộng là của cả kế hoạch)" in shown.lines


def test_plans_of_an_unknown_programme_are_refused(office: Any, dean: Any) -> None:
    known = dean("plan", "list", "--programme", "KC-VL-2021-2025")
    unknown = dean("plan", "list", "--programme", "KC-XX")

    assert (known.code, unknown.code) == (0, 1)
    assert "Không có chương trình «KC-XX»; hãy xem dean programme list." in unknown.err


def test_job_of_the_plan_gives_its_tables(office: Any, dean: Any) -> None:
    codes = _cleared(office)

    told, tables = dean("run", "yearly-plan", "--year", "2024"), dean("run", "yearly-plan", "--json").json

    assert told.lines[0] == "Kế hoạch năm 2024: danh mục đề án: 2 dòng"
    # In June the plan of the next year is made, and what is ready and not approved waits for it.
    assert [(line["code"], line["section"]) for line in tables["plan-2025-lines"]] == [
        (code, "waiting") for code in codes
    ]
