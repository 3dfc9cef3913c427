"""`dean plan`: the yearly plan, from the list of candidates to its close."""

import click

from cli.lazy import Lazy, LazyGroup

COMMANDS = {
    "show": Lazy("cli.plan_reads:show", "Xem kế hoạch của một năm: danh mục, tổng hợp, đối chiếu chương trình."),
    "list": Lazy("cli.plan_reads:list_", "Liệt kê các kế hoạch đã lập."),
    "rank": Lazy("cli.plan_reads:rank", "Xếp hạng đề án của một năm theo mức ưu tiên, giải thích từng điểm."),
    "suggest": Lazy("cli.plan_suggest:suggest", "Đề xuất chọn đề án: bao phủ nhiều nhất chỉ tiêu trong số tiền có."),
    "fork": Lazy("cli.plan_forks:fork", "Thử phương án: thêm, bỏ, dời đề án và tiền; lấy một phương án làm dự thảo."),
    "compare": Lazy("cli.plan_forks:compare", "So sánh hai phương án: tiền, chỉ tiêu, việc đến hạn theo tháng."),
    "build": Lazy("cli.plan_steps:build", "Tổng hợp danh mục: lập hoặc lập lại bản dự thảo kế hoạch."),
    "propose": Lazy("cli.plan_steps:propose", "Ghi tờ trình kế hoạch."),
    "return": Lazy("cli.plan_steps:return_", "Trả kế hoạch về để lập lại."),
    "appraise": Lazy("cli.plan_steps:appraise", "Ghi kết quả thẩm định kế hoạch của cơ quan ngoài Sở."),
    "approve": Lazy("cli.plan_decisions:approve", "Ghi quyết định phê duyệt kế hoạch và mọi đề án trong đó."),
    "adjust": Lazy("cli.plan_decisions:adjust", "Điều chỉnh kế hoạch đã duyệt: bổ sung đề án, cập nhật thay đổi."),
    "close": Lazy("cli.plan_decisions:close", "Khép kế hoạch khi mọi đề án đã xong hoặc chuyển năm."),
}


@click.command(cls=LazyGroup, lazy=COMMANDS)
def plan() -> None:
    """Kế hoạch khuyến công hằng năm: tổng hợp, xếp hạng, thử phương án, trình, phê duyệt, điều chỉnh, khép."""
