"""What a subscriber may be told of: kinds of subjects, and how an event of them is called."""

from collections.abc import Iterable

from states.refusal import Refused
from states.vocabulary import Labelled

LONGEST_URL = 500


class Topic(Labelled):
    """A kind of subject whose events a subscriber gets. What is said of people never leaves this way."""

    PROJECT = "project", "Đề án: mọi bước, mọi lần sửa"
    CONTRACT = "contract", "Hợp đồng"
    DECISION = "decision", "Quyết định phê duyệt"
    ADJUSTMENT = "adjustment", "Đề nghị điều chỉnh"
    PLAN = "plan", "Kế hoạch năm"
    REPORT = "report", "Báo cáo"
    BENEFICIARY = "beneficiary", "Đơn vị thụ hưởng"
    CALENDAR = "calendar", "Lịch làm việc"
    PROGRAMME = "programme", "Chương trình"


def read_topics(codes: Iterable[str]) -> tuple[Topic, ...]:
    """The topics of a subscription in their order. Raises Refused for none, or one that does not exist."""
    wanted = set(codes)
    if not wanted or not wanted <= set(Topic):
        raise Refused(f"Hãy chọn ít nhất một loại sự kiện: {', '.join(Topic)}.")
    return tuple(topic for topic in Topic if topic in wanted)
