"""What a project does, as far as the rules on money depend on it."""

from states.folding import quoted
from states.reading import read_labelled
from states.vocabulary import Labelled


class Activity(Labelled):
    """What a project does, as far as the level of support depends on it. Basis: TT 28/2018/TT-BTC Điều 8."""

    CONFERENCE = "conference", "Hội nghị, hội thảo, diễn đàn"
    NEW_ENTERPRISE = "new_enterprise", "Hỗ trợ thành lập doanh nghiệp công nghiệp nông thôn"
    DEMONSTRATION_MODEL = "demonstration_model", "Mô hình trình diễn kỹ thuật, sản phẩm mới"
    MODEL_REPLICATION = "model_replication", "Nhân rộng mô hình đang hoạt động có hiệu quả"
    CLEANER_PRODUCTION_MODEL = "cleaner_production_model", "Mô hình thí điểm sản xuất sạch hơn"
    MACHINERY = "machinery", "Ứng dụng máy móc tiên tiến, chuyển giao công nghệ"
    PRODUCTION_LINE = "production_line", "Ứng dụng dây chuyền công nghệ"
    PRODUCT_SELECTION = "product_selection", "Bình chọn sản phẩm công nghiệp nông thôn tiêu biểu cấp tỉnh"
    PRODUCT_SELECTION_DISTRICT = (
        "product_selection_district",
        "Bình chọn sản phẩm công nghiệp nông thôn tiêu biểu cấp huyện",
    )
    PRODUCT_SELECTION_REGION = (
        "product_selection_region",
        "Bình chọn sản phẩm công nghiệp nông thôn tiêu biểu cấp khu vực",
    )
    PRODUCT_SELECTION_NATION = (
        "product_selection_nation",
        "Bình chọn sản phẩm công nghiệp nông thôn tiêu biểu cấp quốc gia",
    )
    FAIR_ORGANISATION = "fair_organisation", "Tổ chức hội chợ, triển lãm trong nước"
    FAIR_PARTICIPATION = "fair_participation", "Gian hàng tham gia hội chợ, triển lãm trong nước"
    FAIR_ABROAD = "fair_abroad", "Tham gia hội chợ, triển lãm ở nước ngoài"
    TRADEMARK = "trademark", "Xây dựng và đăng ký nhãn hiệu"
    SHOWROOM = "showroom", "Đầu tư phòng trưng bày sản phẩm"
    CONSULTING = "consulting", "Tư vấn lập dự án đầu tư, marketing, quản lý sản xuất"
    PACKAGING = "packaging", "Tư vấn thiết kế mẫu mã, bao bì đóng gói"
    BROADCASTING = "broadcasting", "Chương trình truyền hình, truyền thanh"
    PUBLICATION = "publication", "Bản tin, ấn phẩm, tài liệu tuyên truyền"
    ASSOCIATION = "association", "Thành lập hiệp hội, hội ngành nghề"
    CLUSTER_LINKAGE = "cluster_linkage", "Xây dựng cụm liên kết doanh nghiệp công nghiệp"
    CLUSTER_PLANNING = "cluster_planning", "Lập quy hoạch chi tiết cụm công nghiệp"
    CLUSTER_INFRASTRUCTURE = "cluster_infrastructure", "Đầu tư kết cấu hạ tầng cụm công nghiệp"
    CLUSTER_POLLUTION_TREATMENT = "cluster_pollution_treatment", "Xử lý ô nhiễm môi trường tại cụm công nghiệp"
    POLLUTION_TREATMENT = "pollution_treatment", "Xử lý ô nhiễm môi trường tại cơ sở"
    INTEREST_SUPPORT = "interest_support", "Hỗ trợ lãi suất vốn vay cho cơ sở di dời hoặc đầu tư mới"
    MINISTRY_DELEGATION = "ministry_delegation", "Tham gia đoàn công tác do Bộ Công Thương tổ chức"
    STUDY_ABROAD = "study_abroad", "Khảo sát, học tập kinh nghiệm ở nước ngoài"
    TRAINING = "training", "Tập huấn nghiệp vụ khuyến công"
    STUDY_TOUR = "study_tour", "Tham quan, học tập kinh nghiệm trong nước"
    COLLABORATOR_NETWORK = "collaborator_network", "Mạng lưới cộng tác viên khuyến công"


ACTIVITIES: dict[str, str] = {activity.value: activity.label for activity in Activity}


def read_activity(text: str) -> Activity:
    """Read an activity by its code or its label, accents optional. Raises Refused with every code there is."""
    return read_labelled(Activity, text, "hoạt động")


def in_words(activity: str) -> str:
    """Name an activity inside a sentence, also one that nobody knows."""
    named = ACTIVITIES.get(activity)
    return f"“{named}”" if named else f"hoạt động {quoted(activity)} (không có trong danh mục)"
