"""Hợp đồng, biên bản nghiệm thu, đề nghị thanh toán and biên bản thanh lý: between the parties of a contract."""

from documents.letters.fields import CONTRACT, HEAD, PROJECT, PROJECTS
from documents.letters.parts import GROUNDS, Column, Letter, Line, Rows, line
from documents.letters.reviewing import ABOUT_PROJECT

_PARTY: tuple[Line, ...] = (
    line("Đại diện: ………………………………………… Chức vụ: ………………………………", "item"),
    line("Địa chỉ: …………………………………………………… Điện thoại: …………………", "item"),
    line("Tài khoản: ………………………………… tại: …………………………………………", "item"),
)
_PARTIES: tuple[Line, ...] = (
    line("Hôm nay, ngày … tháng … năm …, tại ………………………………, chúng tôi gồm:"),
    line("{{ contract.party_a }}", lead="BÊN A:"),
    *_PARTY,
    line("{{ contract.party_b }}", lead="BÊN B:"),
    *_PARTY,
)
_BOTH = ("ĐẠI DIỆN BÊN A", "ĐẠI DIỆN BÊN B")

CONTRACT_PAPER = Letter(
    kind="contract",
    label="Hợp đồng thực hiện đề án",
    title="HỢP ĐỒNG",
    about="Thực hiện đề án {{ route }} năm {{ year }}",
    head="parties",
    fields=HEAD | PROJECTS | CONTRACT,
    parts=(
        GROUNDS,
        *_PARTIES,
        line("Hai bên thống nhất ký hợp đồng với các điều khoản sau:"),
        line("Nội dung hợp đồng", lead="Điều 1."),
        line("Bên A giao, Bên B nhận tổ chức thực hiện {{ total.projects }} đề án khuyến công sau:"),
        Rows(
            "projects",
            "project",
            (
                Column("STT", "{{ loop.index }}", 12, "centre"),
                Column("Tên đề án", "{{ project.name }} ({{ project.code }})", 44),
                Column("Đơn vị thụ hưởng; địa điểm", "{{ project.beneficiary }}; {{ project.place }}", 36),
                Column("Thời gian", "{{ project.time }}", 27),
                Column("Hỗ trợ (đồng)", "{{ project.support }}", 41, "right"),
            ),
            ("", "Tổng cộng", "", "", "{{ total.support }}"),
        ),
        line("Giá trị hợp đồng và phương thức thanh toán", lead="Điều 2."),
        line("Kinh phí hỗ trợ: {{ total.support }} đồng (Bằng chữ: {{ total.support_words }}).", lead="1."),
        line("Đối ứng: {{ total.counterpart }} đồng (Bằng chữ: {{ total.counterpart_words }}).", lead="2."),
        line(
            "Tạm ứng một lần không vượt tỷ lệ theo quy định đối với từng nội dung; phần còn lại thanh toán sau khi "
            "nghiệm thu, theo giá trị được nghiệm thu và quyết toán.",
            lead="3.",
        ),
        line("Trách nhiệm của Bên A", lead="Điều 3."),
        line("Hướng dẫn, kiểm tra việc thực hiện; tổ chức nghiệm thu; tạm ứng, thanh toán kinh phí đúng quy định."),
        line("Trách nhiệm của Bên B", lead="Điều 4."),
        line(
            "Thực hiện đúng nội dung, tiến độ và sử dụng kinh phí đúng mục đích; báo cáo tiến độ theo yêu cầu; lập đủ "
            "hồ sơ nghiệm thu, quyết toán đúng thời hạn; hoàn trả phần kinh phí không sử dụng hoặc dùng sai quy định."
        ),
        line("Điều khoản chung", lead="Điều 5."),
        line(
            "Hai bên thực hiện đúng hợp đồng; khi có thay đổi thì thống nhất bằng phụ lục hợp đồng. Hợp đồng có hiệu "
            "lực từ ngày ký, lập thành … bản có giá trị như nhau, mỗi bên giữ … bản./."
        ),
    ),
    signers=_BOTH,
)

ACCEPTANCE_MINUTES = Letter(
    kind="acceptance_minutes",
    label="Biên bản nghiệm thu cơ sở",
    title="BIÊN BẢN NGHIỆM THU CƠ SỞ",
    about="Đề án {{ route }} năm {{ year }}",
    head="parties",
    form="Mẫu 5a: các mục theo cách làm của cơ quan, chưa kiểm chứng",
    fields=HEAD | {"project": PROJECT} | CONTRACT,
    parts=(
        GROUNDS,
        line("Hôm nay, ngày … tháng … năm …, tại {{ project.place }}, chúng tôi gồm:"),
        line("Thành phần", lead="I."),
        line("{{ issuer.name }}: Ông (bà): …………………, chức vụ: ……………", lead="1."),
        line("Ủy ban nhân dân cấp xã: Ông (bà): …………………, chức vụ: ……………", lead="2."),
        line("{{ project.unit }}: Ông (bà): …………………, chức vụ: ……………", lead="3."),
        line("{{ project.beneficiary }}: Ông (bà): …………………, chức vụ: ……………", lead="4."),
        line("Đề án được nghiệm thu", lead="II."),
        *ABOUT_PROJECT,
        line("Hợp đồng số {{ contract.number }} ngày {{ contract.signed_on }}.", lead="6."),
        line("Kết quả thực hiện", lead="III."),
        Rows(
            "project.targets",
            "target",
            (
                Column("STT", "{{ loop.index }}", 12, "centre"),
                Column("Nội dung, chỉ tiêu", "{{ target.name }}", 68),
                Column("Đơn vị", "{{ target.unit }}", 24, "centre"),
                Column("Được duyệt", "{{ target.approved }}", 26, "right"),
                Column("Nghiệm thu", "{{ target.accepted }}", 30, "right"),
            ),
        ),
        line("Kinh phí hỗ trợ theo hợp đồng: {{ project.contracted }} đồng; đã tạm ứng: {{ project.prepaid }} đồng."),
        line("Giá trị hỗ trợ nghiệm thu: {{ project.accepted }} đồng (Bằng chữ: {{ project.accepted_words }})."),
        line("Ý kiến, kiến nghị: ……………………………………………………………………………………"),
        line("Kết luận", lead="IV."),
        line("Kết quả nghiệm thu (đạt, không đạt): ………………………………………………………"),
        line("Biên bản lập thành … bản có giá trị như nhau, các bên thống nhất ký tên./."),
    ),
    signers=("{{ issuer.short }}", "UBND CẤP XÃ", "ĐƠN VỊ THỰC HIỆN", "ĐƠN VỊ THỤ HƯỞNG"),
)

# Five amounts beside each other leave none of them room for its digits, so they stand under each other.
_SETTLED = {
    "Hợp đồng": "contracted",
    "Nghiệm thu": "accepted",
    "Đã tạm ứng": "prepaid",
    "Đã thanh toán": "paid",
    "Còn thanh toán": "payable",
}


def _settled(of: str) -> str:
    return "\n".join(f"{{{{ {of}.{name} }}}}" for name in _SETTLED.values())


_SETTLED_ROWS = Rows(
    "projects",
    "project",
    (
        Column("STT", "{{ loop.index }}", 12, "centre"),
        Column("Tên đề án", "{{ project.name }} ({{ project.code }})", 67),
        Column("Khoản", "\n".join(_SETTLED), 40),
        Column("Số tiền (đồng)", _settled("project"), 41, "right"),
    ),
    ("", "Tổng cộng", "\n".join(_SETTLED), _settled("total")),
)

PAYMENT_REQUEST = Letter(
    kind="payment_request",
    label="Giấy đề nghị thanh toán",
    title="GIẤY ĐỀ NGHỊ THANH TOÁN",
    about="Kinh phí {{ route }} năm {{ year }}",
    addressee="Kính gửi: {{ addressee }}",
    form="Mẫu 9: các mục theo cách làm của cơ quan, chưa kiểm chứng",
    fields=HEAD | PROJECTS | CONTRACT,
    parts=(
        line("Căn cứ Hợp đồng số {{ contract.number }} ngày {{ contract.signed_on }} và biên bản nghiệm thu cơ sở,"),
        line("{{ issuer.name }} đề nghị thanh toán kinh phí hỗ trợ như sau:"),
        _SETTLED_ROWS,
        line("Số tiền đề nghị thanh toán kỳ này: {{ total.payable }} đồng."),
        line("{{ total.payable_words }}.", lead="Bằng chữ:"),
        line("Đơn vị hưởng: {{ issuer.name }}; tài khoản: ……………………… tại: ………………………"),
        line("Kèm theo: hợp đồng, biên bản nghiệm thu cơ sở, bảng kê chứng từ./."),
    ),
    signers=("KẾ TOÁN", "THỦ TRƯỞNG ĐƠN VỊ"),
)

LIQUIDATION_MINUTES = Letter(
    kind="liquidation_minutes",
    label="Biên bản thanh lý hợp đồng",
    title="BIÊN BẢN THANH LÝ HỢP ĐỒNG",
    about="Hợp đồng số {{ contract.number }} ngày {{ contract.signed_on }}",
    head="parties",
    fields=HEAD | PROJECTS | CONTRACT,
    parts=(
        GROUNDS,
        *_PARTIES,
        line("Hai bên thống nhất thanh lý Hợp đồng số {{ contract.number }} ngày {{ contract.signed_on }} như sau:"),
        line("Khối lượng và kinh phí", lead="Điều 1."),
        _SETTLED_ROWS,
        line("Thanh toán", lead="Điều 2."),
        line(
            "Giá trị hỗ trợ được nghiệm thu: {{ total.accepted }} đồng (Bằng chữ: {{ total.accepted_words }}).",
            lead="1.",
        ),
        line(
            "Bên A còn phải thanh toán cho Bên B: {{ total.payable }} đồng (Bằng chữ: {{ total.payable_words }}).",
            lead="2.",
        ),
        line(
            "Bên B còn phải hoàn trả: {{ total.to_recover }} đồng (Bằng chữ: {{ total.to_recover_words }}).", lead="3."
        ),
        line("Kết luận", lead="Điều 3."),
        line(
            "Sau khi hoàn thành các khoản tại Điều 2, hai bên không còn quyền và nghĩa vụ đối với nhau theo hợp đồng "
            "này. Biên bản lập thành … bản có giá trị như nhau, mỗi bên giữ … bản./."
        ),
    ),
    signers=_BOTH,
)
