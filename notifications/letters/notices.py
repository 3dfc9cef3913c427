"""The letters about the system itself: a trouble for the operator, and a test for a new address."""

from notifications.discretion import discreet
from notifications.letters.page import Entry, Fact, Letter, Page, Section, Tone
from notifications.letters.printing import footer, greeting, print_letter
from notifications.letters.values import Alert, Cover, Trouble
from notifications.letters.words import clock_time, short_date

_SUBJECTS = {
    Trouble.CHANNEL: "Kênh gửi “{name}” đã dừng vì cấu hình bị từ chối",
    Trouble.JOB: "Công việc định kỳ “{name}” không chạy",
    Trouble.DEAD_LETTERS: "{count} thư qua kênh “{name}” không gửi được",
}
_OPENINGS = {
    Trouble.CHANNEL: "Nơi nhận chuyển thư từ chối cấu hình của kênh “{name}”, nên kênh đã dừng để không gửi sai thêm. "
    "{count} thư đang chờ trong hộp gửi, chưa thư nào mất.",
    Trouble.JOB: "Công việc định kỳ “{name}” đáng lẽ phải chạy nhưng chưa thấy chạy. Việc bị sót sẽ được làm bù ở lần "
    "chạy sau, không nhắc hai lần.",
    Trouble.DEAD_LETTERS: "{count} thư qua kênh “{name}” đã thử đủ số lần mà không gửi được, nên hệ thống thôi không "
    "thử nữa. Người nhận chưa biết các việc trong đó.",
}
_REMEDIES = {
    Trouble.CHANNEL: "Mong anh/chị sửa cấu hình (tài khoản, mật khẩu, chứng chỉ) rồi gửi một thư thử; thư đang chờ sẽ "
    "tự đi.",
    Trouble.JOB: "Mong anh/chị kiểm tra máy chủ và lịch chạy, rồi cho chạy lại.",
    Trouble.DEAD_LETTERS: "Mong anh/chị xem lý do của từng thư, sửa địa chỉ nếu sai, rồi chọn gửi lại hoặc hủy.",
}


def write_operator_alert(alert: Alert, cover: Cover) -> Letter:
    """Tell the operator about one trouble: what happened, since when, what waits, what to do."""
    words = {"name": discreet(alert.name), "count": alert.count}
    facts = [Fact("Từ lúc", clock_time(alert.since))]
    # The sentence of a provider may repeat the address or the token that it refuses.
    facts += [Fact("Chi tiết", discreet(alert.detail))] if alert.detail else []
    facts += [Fact("Lệnh", alert.command)] if alert.command else []
    subject = _SUBJECTS[alert.trouble].format(**words)
    page = Page(
        subject=f"[Vận hành] {subject} – {short_date(cover.on)}",
        greeting=greeting(cover),
        opening=(_OPENINGS[alert.trouble].format(**words),),
        sections=(Section("Cần xử lý", Tone.OVERDUE, (Entry(subject, tuple(facts)),)),),
        closing=(_REMEDIES[alert.trouble],),
        office_name=cover.office_name,
        footer=footer(cover),
    )
    return print_letter(page, cover)


def write_test(cover: Cover, channel: str) -> Letter:
    """Write a letter that only shows that the address works; `channel` is its name for readers."""
    page = Page(
        subject=f"Thư thử – {cover.office_name} – {short_date(cover.on)}",
        greeting=greeting(cover),
        opening=(
            f"Đây là thư thử qua {channel}. Anh/chị đọc được thư này nghĩa là từ nay hệ thống nhắc việc khuyến công "
            "gửi được đến anh/chị.",
            "Nếu chữ có dấu hiện sai (Đề án, Thẩm định, Nghiệm thu, Quyết toán), mong anh/chị báo quản trị hệ thống.",
        ),
        office_name=cover.office_name,
        footer=footer(cover),
    )
    return print_letter(page, cover)
