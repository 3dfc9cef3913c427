"""dean plan suggest: the selection, the figures and the reasons, in words and in JSON."""

from typing import Any

MILLION = 1_000_000
LOCAL = ("2024", "--route", "local")


def _cleared(office: Any, **changes: Any) -> str:
    firm = office.workshop(f"Cơ sở {office.at:%j%H}")
    code: str = office.bring(office.open(beneficiaries=(firm,), **changes), "cleared")
    return code


def test_suggestion_is_told_in_tables(office: Any, dean: Any) -> None:
    machine, model = _cleared(office), _cleared(office, targets={"T2_3": 1}, priorities=("farm_processing",))
    blocked = office.bring(office.open(), "submitted")
    before = dean.events()

    told = dean("plan", "suggest", *LOCAL, "--budget", "local_fund=500tr")

    assert told.code == 0, told.err
    assert told.lines[0].startswith("Đề xuất kế hoạch năm 2024, khuyến công địa phương: ")
    assert told.lines[1] == (
        "Chọn 1 đề án, 300.000.000 đồng KC địa phương. Đã chứng minh: trong hạn mức này không có lựa chọn nào tốt hơn."
    )
    rows = (
        f"1 {model} Hỗ trợ ứng dụng máy móc thiết bị đóng gói 2 300 350 10 T2_3 1 được chọn",
        "Cả kế hoạch KC địa phương 500 0 300 200",
        "Nội dung 2 KC địa phương 18.100 0 300 17.800",
        "Bao phủ bình quân các chỉ tiêu: 0,00% trước, 1,58% sau đề xuất (làm tròn xuống).",
        "Để ngoài: 2 đề án",
        f"{machine} Hỗ trợ ứng dụng máy móc thiết bị đóng gói",
        "Hết chỗ: KC địa phương của kế hoạch còn 200.000.000 đồng, đề án cần 300.000.000 đồng. Đổi có lợi nhất là bỏ "
        f"{model}: bao phủ ít hơn (T2_2 từ 0/50 lên 1/50, T2_3 từ 1/3 còn 0/3).",
        f"{blocked} Hỗ trợ ứng dụng máy móc thiết bị đóng gói",
        "Vướng: Ở giai đoạn «Đã nộp»: chưa thẩm định; hãy thẩm định ở Sở trước.",
    )
    printed = [line.strip() for line in told.lines]
    assert [row for row in rows if row not in printed] == []
    [target] = [line for line in printed if line.startswith("T2_3 ")]
    assert target.endswith(" 3 1 2")
    assert dean.events() == before


def test_suggestion_is_read_by_scripts(office: Any, dean: Any) -> None:
    machine, model = _cleared(office), _cleared(office, targets={"T2_3": 1})

    found = dean("plan", "suggest", *LOCAL, "--must", machine, "--never", model, "--json").json

    assert [found[name] for name in ("year", "route", "on", "proven", "proven_aims")] == [
        *(2024, "local", "2024-06-03", True, 4)
    ]
    assert [(row["code"], row["must"], row["money"], row["targets"]) for row in found["chosen"]] == [
        (machine, True, {"local_fund": 300 * MILLION, "counterpart": 350 * MILLION}, {"T2_2": 1})
    ]
    assert found["money"][2] == {
        "source": "local_fund",
        "content": 2,
        "budget": 18_100 * MILLION,
        "taken": 0,
        "chosen": 300 * MILLION,
        "left": 17_800 * MILLION,
    }
    assert found["coverage"] == {"before": "0", "after": "1/1050"}
    assert found["left_out"] == [
        {
            "code": model,
            "name": "Hỗ trợ ứng dụng máy móc thiết bị đóng gói",
            "blocked": False,
            "reasons": ["Người dùng yêu cầu để ngoài (--never)."],
        }
    ]


def test_wishes_that_cannot_be_followed_are_refused(office: Any, dean: Any) -> None:
    code = _cleared(office)

    dear = dean("plan", "suggest", *LOCAL, "--budget", "local_fund=299999999", "--must", code)
    both = dean("plan", "suggest", *LOCAL, "--must", code, "--never", code)
    counterpart = dean("plan", "suggest", *LOCAL, "--budget", "counterpart=1tr")
    twice = dean("plan", "suggest", *LOCAL, "--budget", "local_fund=1tr", "--budget", "local_fund=2tr")
    viewer = dean("plan", "suggest", *LOCAL, "--by", "an")

    assert [answer.code for answer in (dear, both, counterpart, twice, viewer)] == [1] * 5
    assert [answer.err.splitlines()[-1] for answer in (dear, both, counterpart, twice)] == [
        "Các đề án bắt buộc (--must) cần 300.000.000 đồng KC địa phương của kế hoạch, chỉ còn 299.999.999 đồng, vượt "
        "1 đồng; hãy bỏ bớt đề án bắt buộc hoặc tăng hạn mức.",
        f"{code}: vừa --must vừa --never; hãy giữ một.",
        "Đối ứng là số dự kiến, không phải hạn mức; hãy bỏ --budget counterpart.",
        "--budget local_fund ghi hai lần; hãy giữ một lần.",
    ]
    assert "chỉ xem được một phần danh mục" in viewer.err
    assert dean("plan", "suggest", *LOCAL, "--seconds", "0").code == 1


def test_suggestion_becomes_a_fork_and_the_fork_the_draft(office: Any, dean: Any) -> None:
    machine, model = _cleared(office), _cleared(office, targets={"T2_3": 1})
    dean("plan", "build", *LOCAL, "--by", "binh")

    kept = dean("plan", "suggest", *LOCAL, "--budget", "local_fund=500tr", "--fork", "500 triệu", "--by", "binh")

    assert kept.code == 0, kept.err
    assert kept.lines[-1] == (
        "Đã ghi phương án “500 triệu”; so sánh: dean plan compare 2024 --route local “500 triệu”."
    )
    done = dean("plan", "fork", *LOCAL, "--name", "500 triệu", "--propose", "--by", "binh", "--json")
    assert (done.code, done.json["lines"], done.json["support"]) == (0, 1, 300 * MILLION)
    lines = dean("plan", "show", *LOCAL, "--json").json["lines"]
    assert [line["code"] for line in lines] == [model]
    assert machine not in str(lines)


def test_suggestion_for_a_plan_that_was_never_built_is_not_kept(office: Any, dean: Any) -> None:
    _cleared(office)

    refused = dean("plan", "suggest", *LOCAL, "--fork", "Thử", "--by", "binh")

    assert (refused.code, "hãy tổng hợp trước" in refused.err) == (1, True)
