"""The words of the post: what is sent how, and what became of it."""

from states.vocabulary import Labelled


class Channel(Labelled):
    """A way to a person. E-mail is the record; the others are pushed beside it or in its place."""

    EMAIL = "email", "Thư điện tử"
    ZALOBOT = "zalobot", "Zalo Bot"
    ZALOOA = "zalooa", "Zalo OA"
    ZALOZNS = "zalozns", "Zalo ZNS"
    WEBHOOK = "webhook", "Cổng tin nhắn của cơ quan"

    @property
    def is_resendable(self) -> bool:
        """May a letter that perhaps arrived be handed over again? Only e-mail bears an identity that tells."""
        return self is Channel.EMAIL


class Letter(Labelled):
    """What kind of letter an outbox row is."""

    DIGEST = "digest", "Thư nhắc việc buổi sáng"
    URGENT = "urgent", "Nhắc việc gấp"
    ESCALATION = "escalation", "Báo lãnh đạo việc quá hạn"
    OPERATOR = "operator", "Báo người vận hành"
    TEST = "test", "Thư thử"
    EVENT = "event", "Sự kiện báo cho phần mềm khác"


class ObligationStatus(Labelled):
    """What became of something that was to be told."""

    WAITING = "waiting", "Chờ vào thư"
    COVERED = "covered", "Không nhắc riêng"
    QUEUED = "queued", "Đã vào thư, chờ gửi"
    TOLD = "told", "Đã gửi"
    CANCELLED = "cancelled", "Không cần nhắc nữa"
    UNTOLD = "untold", "Không gửi được"


class OutboxStatus(Labelled):
    """What became of a letter."""

    WAITING = "waiting", "Chờ gửi"
    LEASED = "leased", "Đang gửi"
    SENT = "sent", "Đã gửi"
    DEAD = "dead", "Không gửi được"
    REPLACED = "replaced", "Gửi qua kênh khác"
    EXPIRED = "expired", "Quá giờ, thư sau mang theo"
    CANCELLED = "cancelled", "Đã hủy"


class AnswerKind(Labelled):
    """What a person may answer to a reminder."""

    ACKNOWLEDGE = "acknowledge", "Đã nhận việc"
    SNOOZE = "snooze", "Nhắc lại sau"


#: How an attempt to send ended, by the outcome that the post office reports.
_ENDED_AS = {
    "ok": "đã gửi",
    "retry": "gửi lại sau",
    "unknown": "chưa rõ đã đến hay chưa",
    "permanent": "bị từ chối hẳn",
    "recipient": "không đến được người nhận",
    "window": "nhà mạng chưa cho gửi",
    "config": "cấu hình bị từ chối",
    "quota": "hết lượt gửi",
    "refresh": "token hết hạn",
}


def ended_as(outcome: str) -> str:
    """How an attempt ended, in the office's words."""
    return _ENDED_AS.get(outcome, outcome)
