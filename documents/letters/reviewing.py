"""Phiếu yêu cầu bổ sung, biên bản thẩm định and công văn nhắc hạn: what the department writes about a dossier."""

from documents.letters.fields import CEILING, DEADLINES, HEAD, MISSING, PROJECT
from documents.letters.parts import GROUNDS, Column, Each, Letter, Line, Rows, line

#: Who and what a paper about one project is about.
ABOUT_PROJECT: tuple[Line, ...] = (
    line("Tên đề án: {{ project.name }} (mã số {{ project.code }}).", lead="1."),
    line("Đơn vị thực hiện: {{ project.unit }}.", lead="2."),
    line("Đơn vị thụ hưởng: {{ project.beneficiary }}.", lead="3."),
    line("Địa điểm: {{ project.place }}.", lead="4."),
    line("Nội dung: {{ project.content }}. Thời gian thực hiện: {{ project.time }}.", lead="5."),
)

SUPPLEMENT_NOTE = Letter(
    kind="supplement_note",
    label="Phiếu yêu cầu bổ sung hồ sơ",
    title="PHIẾU YÊU CẦU BỔ SUNG HỒ SƠ",
    about="Đề án {{ project.code }}",
    addressee="Kính gửi: {{ addressee }}",
    fields=HEAD | {"project": PROJECT} | MISSING,
    parts=(
        line(
            "Qua kiểm tra hồ sơ đề án “{{ project.name }}” (mã số {{ project.code }}) do {{ project.unit }} lập, "
            "{{ issuer.name }} đề nghị đơn vị bổ sung, hoàn thiện các nội dung sau:"
        ),
        Each("missing", "item", (Line('{{ item }}{{ "." if loop.last else ";" }}', "item", "{{ loop.index }}."),)),
        line("Thời hạn bổ sung: {{ due }}."),
        line("Hồ sơ bổ sung gửi về {{ issuer.name }}. Mọi vướng mắc đề nghị liên hệ để được hướng dẫn./."),
    ),
)

APPRAISAL_MINUTES = Letter(
    kind="appraisal_minutes",
    label="Biên bản thẩm định đề án",
    title="BIÊN BẢN",
    about="Thẩm định đề án {{ route }} năm {{ year }}",
    fields=HEAD | {"project": PROJECT} | CEILING,
    parts=(
        GROUNDS,
        line("Hôm nay, ngày … tháng … năm …, tại ………………………………, {{ issuer.name }} tổ chức thẩm định đề án sau:"),
        line("Thành phần", lead="I."),
        line("Chủ trì: ………………………………………………… Chức vụ: ……………………………", lead="1."),
        line("Thư ký: ………………………………………………… Chức vụ: ……………………………", lead="2."),
        line("Thành viên: ……………………………………………………………………………………", lead="3."),
        line("Đề án được thẩm định", lead="II."),
        *ABOUT_PROJECT,
        line("Tổng kinh phí thực hiện: {{ project.total_cost }} đồng, gồm:", lead="6."),
        line("Đề nghị hỗ trợ: {{ project.asked }} đồng (Bằng chữ: {{ project.asked_words }});", "item", "–"),
        line("Đối ứng: {{ project.counterpart }} đồng (Bằng chữ: {{ project.counterpart_words }}).", "item", "–"),
        line("Ý kiến thẩm định", lead="III."),
        line("Sự phù hợp với chương trình, đối tượng và ngành nghề: ………………………", lead="1."),
        line("Tính khả thi, hiệu quả của đề án: ………………………………………………", lead="2."),
        line("Mức hỗ trợ tối đa theo định mức: {{ ceiling }}.", lead="3."),
        line("Ý kiến khác: …………………………………………………………………………………", lead="4."),
        line("Kết luận", lead="IV."),
        line("Kết quả thẩm định (đạt, đạt có chỉnh sửa, không đạt): ……………………", lead="1."),
        line(
            "Mức hỗ trợ được thẩm định: {{ project.appraised }} đồng (Bằng chữ: {{ project.appraised_words }}).",
            lead="2.",
        ),
        line("Biên bản lập xong lúc … giờ … phút cùng ngày, các thành viên thống nhất ký tên./."),
    ),
    signers=("THƯ KÝ", "CHỦ TRÌ"),
)

REMINDER_LETTER = Letter(
    kind="reminder_letter",
    label="Công văn nhắc thời hạn",
    title="",
    about="V/v thực hiện đúng thời hạn đề án {{ project.code }}",
    addressee="Kính gửi: {{ addressee }}",
    fields=HEAD | {"project": PROJECT} | DEADLINES,
    parts=(
        line(
            "Qua theo dõi việc thực hiện đề án “{{ project.name }}” (mã số {{ project.code }}), tính đến ngày "
            "{{ today }}, {{ issuer.name }} thông báo các thời hạn đang chạy như sau:"
        ),
        Rows(
            "deadlines",
            "deadline",
            (
                Column("STT", "{{ loop.index }}", 12, "centre"),
                Column(
                    "Việc phải làm",
                    "{{ deadline.label }}{% if deadline.basis %} ({{ deadline.basis }}){% endif %}",
                    88,
                ),
                Column("Ngày đến hạn", "{{ deadline.due }}", 30, "centre"),
                Column("Còn lại", "{{ deadline.left }}", 30),
            ),
        ),
        line(
            "Đề nghị {{ addressee }} khẩn trương hoàn thành các công việc trên đúng thời hạn; trường hợp vướng mắc, "
            "báo cáo bằng văn bản nêu rõ lý do và thời gian hoàn thành về {{ issuer.name }} để xem xét, giải quyết./."
        ),
    ),
)
