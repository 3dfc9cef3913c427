"""dean contract: one contract over several projects, its annexes, and what it waits for."""

from typing import Any

MILLION = 1_000_000
NUMBER = "45/2024/HĐ-KC"


def _approved(office: Any, number: int = 3, **changes: Any) -> list[str]:
    return [office.bring(office.open(**changes), "approved") for _ in range(number)]


def _sign(*projects: str, **changes: str) -> tuple[str, ...]:
    typed = {"number": NUMBER, "signed_on": "03/06/2024", "signer": "Lê Minh Chi", "by": "chi"} | changes
    options = (word for name, value in typed.items() for word in (f"--{name.replace('_', '-')}", value))
    return ("contract", "sign", *options, *projects)


def test_three_projects_sign_one_contract(office: Any, dean: Any) -> None:
    codes = _approved(office)
    scan = dean.file("hợp đồng.pdf")
    parties = {"party_a": "Sở Công Thương tỉnh", "total": "850tr", "paper": scan}

    done = dean(*_sign(f"{codes[0]}=250tr", *codes[1:], **parties), "--json")

    shown = dean("contract", "show", NUMBER, "--json").json
    [listed] = dean("contract", "list", "--year", "2024", "--json").json
    assert done.code == 0, done.err
    assert (done.json["contract"], done.json["total"]) == (NUMBER, 850 * MILLION)
    assert [(step["project"], step["to"]) for step in done.json["projects"]] == [(code, "contracted") for code in codes]
    assert (shown["party_a"], shown["party_b"], shown["total"]) == (
        *("Sở Công Thương tỉnh", "Trung tâm Khuyến công"),
        850 * MILLION,
    )
    assert [project["contracted"]["local_fund"] // MILLION for project in shown["projects"]] == [250, 300, 300]
    assert [project["waiting_for"]["action"] for project in shown["projects"]] == ["start"] * 3
    assert shown["waits_for"] == codes
    assert (listed["number"], listed["total"], listed["projects"]) == (NUMBER, 850 * MILLION, 3)
    assert (dean("contract", "list", "--year", "2023", "--json").json, dean("verify").code) == ([], 0)


def test_a_signing_is_told_in_figures_and_words(office: Any, dean: Any) -> None:
    codes = _approved(office, 2)

    signed = dean(*_sign(*codes))

    assert signed.lines == [
        f"Đã ký hợp đồng {NUMBER} cho 2 đề án: hỗ trợ 600.000.000 đồng",
        "(Sáu trăm triệu đồng).",
        *(f"{code} phiên bản 8" for code in codes),
    ]


def test_one_wrong_project_keeps_the_whole_contract_out(office: Any, dean: Any) -> None:
    codes = _approved(office, 2)
    draft = office.open()
    before = dean.events()

    wrong_total = dean(*_sign(*codes, total="599tr"))
    with_draft = dean(*_sign(codes[0], f"{codes[1]}=301tr", draft))
    twice = dean(*_sign(codes[0], f"{codes[0]}=200tr"))
    unknown = dean(*_sign(codes[0], "KC-VL-2024-999"))
    nobody = dean("contract", "sign", "--number", "1", "--signed-on", "3/6/2024", "--signer", "Ký", "--by", "chi")

    assert [answer.code for answer in (wrong_total, with_draft, twice, unknown, nobody)] == [1, 1, 1, 1, 2]
    assert "chênh lệch 1.000.000 đồng; hãy đối chiếu từng đề án" in wrong_total.err
    assert [line.split(":")[0] for line in with_draft.err.splitlines()[1:]] == [codes[1], draft]
    assert f"{codes[0]}: ghi hai lần trong hợp đồng" in twice.err
    assert "KC-VL-2024-999: không có đề án này" in unknown.err
    assert "Thiếu tham số MÃ[=TIỀN]…" in nobody.err
    assert (dean.events(), dean.kept_files()) == (before, [])


def test_a_contract_is_of_one_route_and_one_unit(office: Any, dean: Any) -> None:
    codes = [*_approved(office, 1), *_approved(office, 1, route="national")]

    mixed = dean(*_sign(*codes))

    assert mixed.code == 1
    assert "cùng tuyến, cùng đơn vị thực hiện; hãy tách thành nhiều hợp đồng." in mixed.err


def test_an_annex_lowers_one_project_and_the_whole(office: Any, dean: Any) -> None:
    codes = _approved(office, 2)
    assert dean(*_sign(*codes)).code == 0
    annex = ("contract", "annex", codes[0], "--number", "45/PL1", "--signer", "Lê Minh Chi", "--by", "chi")

    over = dean(*annex, "--amount", "301tr", "--note", "Tăng")
    done = dean(*annex, "--amount", "local_fund=280tr", "--note", "Giảm theo báo giá", "--json")

    shown = dean("contract", "show", NUMBER, "--json").json
    assert (over.code, done.code) == (1, 0), done.err
    assert "vượt số phê duyệt 300.000.000 đồng là 1.000.000 đồng" in over.err
    assert done.json["money"]["contracted"] == 280 * MILLION
    assert (shown["total"], shown["projects"][0]["contracted"]["local_fund"]) == (580 * MILLION, 280 * MILLION)


def _accept(dean: Any, code: str) -> None:
    steps = (
        ("advance", code, "start", "--number", "1/KH", "--by", "an"),
        ("advance", code, "report_completion", "--number", "2/BC", "--paper", "vouchers", "--by", "an"),
        (
            "accept",
            code,
            "--cost",
            "600tr",
            "--quantity",
            "T2_2=1",
            "--number",
            "3/BB",
            "--signer",
            "Ký",
            "--by",
            "chi",
        ),
    )
    assert [dean(*step).code for step in steps] == [0, 0, 0]


def test_the_settlement_term_of_a_national_contract_starts_with_the_last_acceptance(office: Any, dean: Any) -> None:
    codes = _approved(office, 3, route="national")
    assert dean(*_sign(*codes)).code == 0
    settlements = []
    for day, code in zip((10, 12, 14), codes, strict=True):
        dean.set(today=f"2024-06-{day}")
        _accept(dean, code)
        settlements.append(dean("contract", "show", NUMBER, "--json").json)

    before, after = settlements[1], settlements[2]
    too_early = before["projects"][0]["waiting_for"]
    assert (before["waits_for"], after["waits_for"]) == ([codes[2]], [])
    assert too_early["reasons"] == [
        f"Cùng hợp đồng còn đề án chưa nghiệm thu: {codes[2]}; hồ sơ quyết toán nộp khi mọi đề án của hợp đồng đã "
        "nghiệm thu, ngừng hoặc chuyển năm."
    ]
    assert [row["kind"] for row in before["deadlines"] if row["kind"] == "D-15"] == []
    assert [(row["kind"], row["due_on"]) for row in after["deadlines"] if row["kind"] == "D-15"] == [
        ("D-15", "2024-07-01")
    ] * 3
    assert "Hạn quyết toán" in dean("contract", "show", NUMBER).out


def test_a_contract_shows_only_what_its_reader_may_see(office: Any, dean: Any) -> None:
    assert dean(*_sign(*_approved(office, 1))).code == 0

    seen = {who: dean("contract", "list", "--by", who, "--json").json for who in ("an", "yen", "hanh", "em")}
    hidden = dean("contract", "show", NUMBER, "--by", "yen")

    assert {who: len(rows) for who, rows in seen.items()} == {"an": 1, "yen": 0, "hanh": 0, "em": 1}
    assert (hidden.code, hidden.out) == (1, "")
    assert "trong phạm vi xem của Phạm Thị Yến" in hidden.err


def test_numbers_start_anew_each_year(office: Any, dean: Any) -> None:
    first, second = _approved(office, 2)
    assert dean(*_sign(first)).code == 0
    dean.set(today="2025-01-10")
    assert dean(*_sign(second, signed_on="10/01/2025")).code == 0

    either, one = dean("contract", "show", NUMBER), dean("contract", "show", NUMBER, "--year", "2025", "--json")

    assert (either.code, either.out) == (1, "")
    assert "hãy ghi thêm --year" in either.err
    assert [project["code"] for project in one.json["projects"]] == [second]
    assert "hãy xem dean contract list" in dean("contract", "show", "1/HĐ").err
