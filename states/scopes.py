"""What a token of the programming interface may be good for; a person's role bounds it further."""

from states.vocabulary import Labelled


class Scope(Labelled):
    """One permission of a token. Reading everything that the person may see is the least."""

    READ = "read", "Xem những gì người chủ được xem"
    STEPS = "steps", "Lập đề án, ghi bước, phê duyệt, hợp đồng, ý kiến"
    PLAN = "plan", "Lập kế hoạch, báo cáo"
    REMINDERS = "reminders", "Trả lời nhắc việc, chọn cách được nhắc"
    ADMINISTRATION = "administration", "Người dùng, quy định, lịch làm việc, vận hành"


ALL_SCOPES = frozenset(Scope)
