"""By what figures are rolled up, which steps they count, and what they measure."""

from states.vocabulary import Labelled


class By(Labelled):
    """By what figures are told. Source and state are read off the cells of the contents."""

    CONTENT = "content", "nội dung"
    SOURCE = "source", "nguồn"
    TARGET = "target", "chỉ tiêu"
    COMMUNE = "commune", "địa bàn"
    UNIT = "unit", "đơn vị thực hiện"
    MONTH = "month", "tháng"
    STATE = "state", "trạng thái"


class Step(Labelled):
    """The cumulative funnel. Basis: design §9, "Counting"."""

    PLANNED = "planned", "đã lên kế hoạch"
    APPROVED = "approved", "đã phê duyệt"
    IMPLEMENTED = "implemented", "đã thực hiện"
    SETTLED = "settled", "đã quyết toán"


class Measure(Labelled):
    """What a figure counts: money in đồng or work in the unit of its target, and the projects it comes from."""

    AMOUNT = "amount", "số lượng"
    PROJECTS = "projects", "số đề án"
