"""The command `dean`: its list of commands, and the one place where refusals become sentences and exit codes."""

import errno
import sys
from typing import Any, NoReturn

import click

from cli.lazy import Lazy, LazyGroup, usage_sentence
from states.folding import quoted
from states.refusal import Refused

REFUSED, USAGE = 1, 2

#: The list of commands under the headings of `dean --help`.
SECTIONS = {
    "Đề án": {
        "project": Lazy("cli.project:project", "Đề án: lập, tìm, xem, sửa."),
        "advance": Lazy("cli.advance:advance", "Ghi một bước của đề án."),
        "why-not": Lazy("cli.why_not:why_not", "Xem bước nào làm được, bước nào chưa và còn thiếu gì."),
        "approve": Lazy("cli.approve:approve", "Phê duyệt một danh mục đề án theo một quyết định."),
        "decision": Lazy("cli.decision:decision", "Quyết định phê duyệt đã ghi."),
        "comment": Lazy("cli.comment:comment", "Xem, ghi hoặc rút ý kiến về một đề án."),
        "lifecycle": Lazy("cli.lifecycle:lifecycle", "In vòng đời của đề án: bảng các bước hoặc sơ đồ."),
    },
    "Kế hoạch năm": {
        "plan": Lazy(
            "cli.plan:plan",
            "Kế hoạch khuyến công hằng năm: tổng hợp, xếp hạng, thử phương án, trình, phê duyệt, điều chỉnh, khép.",
        ),
    },
    "Sau phê duyệt": {
        "contract": Lazy("cli.contract:contract", "Hợp đồng: ký cho một hoặc nhiều đề án, ký phụ lục, xem."),
        "prepay": Lazy(
            "cli.prepay:prepay", "Ghi tạm ứng một lần cho đề án, hoặc xem được tạm ứng bao nhiêu (--check)."
        ),
        "adjust": Lazy("cli.adjust:adjust", "Điều chỉnh đề án đã phê duyệt: đề nghị, xác nhận, quyết định."),
        "accept": Lazy(
            "cli.accept:accept", "Ghi nghiệm thu cơ sở: cả đề án, từng đơn vị thụ hưởng, đạt hoặc không đạt."
        ),
        "pay": Lazy("cli.settle:pay", "Ghi thanh toán phần còn lại sau nghiệm thu."),
        "settle": Lazy(
            "cli.settle:settle", "Ghi quyết toán, thanh lý; hoặc xem còn phải trả, phải thu và còn thiếu gì (--check)."
        ),
        "recover": Lazy("cli.recover:recover", "Thu hồi kinh phí: yêu cầu hoàn trả, ghi tiền nộp, theo dõi kỳ hạn."),
        "waterfall": Lazy(
            "cli.waterfall:waterfall",
            "Xem dòng tiền từ đề nghị đến quyết toán của đề án, hợp đồng, năm hoặc chương trình.",
        ),
        "reconcile": Lazy("cli.reconcile:reconcile", "Đối chiếu số tiền của cả sổ, đúng đến từng đồng."),
    },
    "Thời hạn, quy định, chương trình": {
        "due": Lazy("cli.due:due", "Liệt kê việc quá hạn và sắp đến hạn, gấp nhất trước."),
        "deadline": Lazy("cli.deadline:deadline", "Hạn của đề án: liệt kê, chứng minh cách đếm, tính lại."),
        "calendar": Lazy("cli.calendar:calendar", "Lịch làm việc: xem, đếm ngày, sửa theo thông báo nghỉ."),
        "ceiling": Lazy("cli.ceiling:ceiling_", "Tính mức hỗ trợ tối đa và so với số đề nghị."),
        "rules": Lazy(
            "cli.rules:rules",
            "Quy định về thời hạn, định mức hỗ trợ, mức tạm ứng, mức ưu tiên và mốc nhắc, có ngày hiệu lực.",
        ),
        "programme": Lazy("cli.programme:programme", "Chương trình: chỉ tiêu, kinh phí, tiến độ."),
        "forecast": Lazy("cli.forecast:forecast", "Dự báo từng chỉ tiêu: đạt, có nguy cơ hay sẽ không đạt."),
        "report": Lazy("cli.report:report", "Báo cáo theo kỳ: chốt số liệu, xem, ký, so với hôm nay."),
        "rollup": Lazy(
            "cli.rollup:rollup",
            "Số liệu tổng hợp theo nội dung, nguồn, chỉ tiêu, địa bàn, đơn vị, tháng, cộng hai cách.",
        ),
        "mart": Lazy("cli.mart:mart", "Tệp số liệu mỗi đêm: lập, liệt kê, xem, so hai đêm, dọn."),
        "import": Lazy(
            "cli.import_:import_",
            "Nhập danh sách đề án từ bảng tính của đơn vị: xem trước, rồi ghi tất cả hoặc không ghi gì.",
        ),
        "export": Lazy(
            "cli.export:export",
            "Tải số liệu ra tệp: Excel, CSV, PDF, JSON; lịch các hạn; tệp số liệu của đêm.",
        ),
    },
    "Văn bản": {
        "paper": Lazy(
            "cli.paper:paper", "Soạn văn bản từ sổ: tờ trình, quyết định, hợp đồng, biên bản, công văn; hồ sơ, báo cáo."
        ),
        "template": Lazy(
            "cli.template:template", "Mẫu văn bản Word của đơn vị: liệt kê, lấy để sửa, kiểm tra, đặt làm mẫu."
        ),
    },
    "Nhắc việc": {
        "remind": Lazy(
            "cli.remind:remind", "Nhắc việc: tìm những gì đến hạn nhắc và viết thư, hoặc chỉ xem trước (--dry-run)."
        ),
        "outbox": Lazy(
            "cli.outbox:outbox", "Hộp thư đi: thư chờ gửi, đã gửi, không gửi được; gửi lại, hủy, cho kênh chạy tiếp."
        ),
        "notify": Lazy("cli.notify:notify", "Kênh gửi: gửi thử, xem kênh nào chạy, và ai đã được nhắc việc gì."),
        "zalo": Lazy(
            "cli.zalo:zalo",
            "Zalo: liên kết tài khoản của người dùng, đọc tin gửi đến bot, kết nối Zalo OA.",
        ),
        "demo-servers": Lazy(
            "cli.demo_servers:demo_servers",
            "Chạy máy chủ thư và Zalo minh họa trên máy này, in mỗi tin nhận được; dừng bằng Ctrl+C.",
        ),
    },
    "Danh mục": {
        "user": Lazy("cli.user:user", "Người dùng: thêm, sửa, khóa, mật khẩu; người thay, cách nhận nhắc việc."),
        "unit": Lazy("cli.unit:unit", "Đơn vị thực hiện và cơ quan."),
        "place": Lazy("cli.place:place", "Đơn vị hành chính, cũ và mới."),
        "beneficiary": Lazy("cli.beneficiary:beneficiary", "Đơn vị thụ hưởng."),
        "words": Lazy("cli.words:words", "Đọc số tiền thành chữ."),
    },
    "Sổ": {
        "init": Lazy("cli.init:init", "Tạo sổ đề án của đơn vị."),
        "demo": Lazy("cli.init:demo", "Tạo sổ minh họa trong một cơ sở dữ liệu riêng."),
        "verify": Lazy("cli.verify:verify", "Kiểm tra sổ có bị sửa ngoài hệ thống không."),
        "seal": Lazy("cli.seal:seal", "Niêm phong sổ: mỗi đêm một niêm, ký bằng khóa để ngoài cơ sở dữ liệu."),
        "upgrade": Lazy("cli.upgrade:upgrade", "Nâng cấu trúc của sổ lên phiên bản của chương trình."),
        "up": Lazy("cli.up:up", "Mở trang làm việc và chạy mọi việc định kỳ cho đến khi bấm Ctrl-C."),
        "run": Lazy("cli.run:run", "Chạy một việc định kỳ ngay bây giờ."),
        "runs": Lazy("cli.runs:runs", "Các lần chạy định kỳ: đã chạy, chạy muộn, bị lỡ, và vì sao."),
        "permissions": Lazy(
            "cli.permissions:permissions", "In bảng phân quyền: ai ghi được bước nào, ai mở được trang nào."
        ),
        "settings": Lazy("cli.settings:settings", "Xem cấu hình đang dùng và nguồn của nó."),
    },
}
COMMANDS = {name: lazy for section in SECTIONS.values() for name, lazy in section.items()}
#: Names from before, which scripts still use; the list does not show them.
OLD_NAMES = {"adjustment": "adjust"}

_CAUSES = {
    errno.EACCES: "không có quyền",
    errno.EPERM: "không có quyền",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.ENOSPC: "hết chỗ trên đĩa",
    errno.ENOENT: "không tìm thấy",
    errno.ENOTDIR: "một phần của đường dẫn là tệp, không phải thư mục",
    errno.EEXIST: "đã có tệp trùng tên",
    errno.EISDIR: "đây là thư mục, không phải tệp",
    errno.ENAMETOOLONG: "tên quá dài",
}


class Desk(LazyGroup):
    """The root command. What goes wrong below is told here: refused 1, wrong usage 2."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return super().get_command(ctx, OLD_NAMES.get(cmd_name, cmd_name))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for heading, section in SECTIONS.items():
            with formatter.section(heading):
                formatter.write_dl([(name, lazy.short_help) for name, lazy in section.items()], col_max=16)

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        try:
            result = super().main(*args, **({"prog_name": "dean"} | extra | {"standalone_mode": False}))
        except Refused as refused:
            for reason in refused.reasons:
                click.echo(reason, err=True)
            sys.exit(REFUSED)
        except click.exceptions.NoArgsIsHelpError as wanted:
            click.echo(wanted.format_message(), err=True)
            sys.exit(USAGE)
        except click.UsageError as error:
            click.echo(usage_sentence(error), err=True)
            sys.exit(USAGE)
        except click.Abort:
            click.echo("Đã dừng theo yêu cầu.", err=True)
            sys.exit(REFUSED)
        except OSError as error:
            click.echo(_file_trouble(error), err=True)
            sys.exit(REFUSED)
        # Outside standalone mode click hands back the exit code, or what the command returned: nothing.
        sys.exit(result if isinstance(result, int) else 0)


def _file_trouble(error: OSError) -> str:
    cause = _CAUSES.get(error.errno or 0, error.strerror or str(error))
    what = quoted(str(error.filename)) if error.filename else "tệp hoặc thư mục"
    return f"Không đọc hoặc ghi được {what}: {cause}; hãy kiểm tra đường dẫn và quyền truy cập (dean settings)."


@click.command(cls=Desk, lazy=COMMANDS)
@click.version_option(package_name="dean", message="dean %(version)s", help="In phiên bản.")
def dean() -> None:
    """Sổ đề án khuyến công: đưa đề án từ đề xuất đến quyết toán.

    Mã thoát: 0 xong · 1 bị từ chối (lý do in ở stderr) · 2 gõ sai lệnh.
    Người ghi lấy từ --by hoặc DEAN_BY; các lệnh xem đều có --json.
    """


def main() -> NoReturn:
    """Start from the shell. Streams are UTF-8 wherever they lead, because names and sentences need it."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    dean.main()


if __name__ == "__main__":
    main()
