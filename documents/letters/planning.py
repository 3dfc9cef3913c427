"""Tờ trình and quyết định phê duyệt: a list of projects goes up, and comes back approved."""

from documents.letters.fields import HEAD, PROJECTS
from documents.letters.parts import GROUNDS, Column, Letter, Line, NewPage, Rows, line

_LIST = Rows(
    "projects",
    "project",
    (
        Column("STT", "{{ loop.index }}", 12, "centre"),
        Column("Tên đề án", "{{ project.name }} ({{ project.code }})", 78),
        Column(
            "Đơn vị thực hiện; đơn vị thụ hưởng; địa điểm",
            "{{ project.unit }}; {{ project.beneficiary }}; {{ project.place }}",
            63,
        ),
        Column("Kinh phí hỗ trợ (đồng)", "{{ project.support }}", 41, "right"),
        Column("Bằng chữ", "{{ project.support_words }}", 53),
    ),
    ("", "Tổng cộng: {{ total.projects }} đề án", "", "{{ total.support }}", "{{ total.support_words }}"),
)


def _annex(attached_to: str) -> tuple[NewPage | Line | Rows, ...]:
    return (
        NewPage(),
        line("PHỤ LỤC", "heading"),
        line("DANH MỤC ĐỀ ÁN KHUYẾN CÔNG NĂM {{ year }}", "heading"),
        line(f"(Kèm theo {attached_to} {{{{ reference }}}} ngày … tháng … năm … của {{{{ issuer.name }}}})", "centre"),
        _LIST,
        line("Tổng kinh phí hỗ trợ bằng chữ: {{ total.support_words }}./."),
    )


PROPOSAL_LETTER = Letter(
    kind="proposal_letter",
    label="Tờ trình phê duyệt danh mục đề án",
    title="TỜ TRÌNH",
    about="Về việc {{ purpose }} danh mục đề án {{ route }} năm {{ year }}",
    addressee="Kính gửi: {{ addressee }}",
    fields=HEAD | PROJECTS | {"purpose": "Việc đề nghị: thẩm định kinh phí, hoặc phê duyệt"},
    parts=(
        GROUNDS,
        line(
            "Sau khi thẩm định, {{ issuer.name }} kính trình {{ addressee }} xem xét, {{ purpose }} danh mục "
            "đề án {{ route }} năm {{ year }} với các nội dung sau:"
        ),
        line("Số đề án: {{ total.projects }}.", lead="1."),
        line(
            "Tổng kinh phí đề nghị hỗ trợ: {{ total.support }} đồng (Bằng chữ: {{ total.support_words }}).", lead="2."
        ),
        line(
            "Đối ứng của đơn vị thụ hưởng và nguồn khác: {{ total.counterpart }} đồng "
            "(Bằng chữ: {{ total.counterpart_words }}).",
            lead="3.",
        ),
        line("Danh mục chi tiết theo phụ lục kèm theo."),
        line("{{ issuer.name }} kính trình {{ addressee }} xem xét, quyết định./."),
        *_annex("Tờ trình"),
    ),
)

APPROVAL_DECISION = Letter(
    kind="approval_decision",
    label="Quyết định phê duyệt danh mục đề án",
    title="QUYẾT ĐỊNH",
    about="Về việc phê duyệt danh mục đề án {{ route }} năm {{ year }}",
    fields=HEAD
    | PROJECTS
    | {
        "authority": "Thẩm quyền ban hành, chữ hoa",
        "department": "Sở Công Thương",
        "executors": "Những ai chịu trách nhiệm thi hành",
    },
    parts=(
        line("{{ authority }}", "authority"),
        GROUNDS,
        line("QUYẾT ĐỊNH:", "heading"),
        line(
            "Phê duyệt danh mục {{ total.projects }} đề án {{ route }} năm {{ year }} với tổng kinh phí hỗ trợ là "
            "{{ total.support }} đồng (Bằng chữ: {{ total.support_words }}).",
            lead="Điều 1.",
        ),
        line("Danh mục và mức hỗ trợ của từng đề án theo phụ lục kèm theo Quyết định này."),
        line(
            "Giao {{ department }} chủ trì, phối hợp với các cơ quan, đơn vị liên quan hướng dẫn, kiểm tra việc thực "
            "hiện, nghiệm thu, thanh toán và quyết toán kinh phí theo đúng quy định.",
            lead="Điều 2.",
        ),
        line(
            "Quyết định này có hiệu lực kể từ ngày ký. {{ executors }} và các đơn vị có tên trong danh mục chịu trách "
            "nhiệm thi hành Quyết định này./.",
            lead="Điều 3.",
        ),
        *_annex("Quyết định"),
    ),
)
