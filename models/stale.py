"""Of two people who work on one version, the second is told what the first one did."""

from datetime import datetime

from sqlmodel import Session

from models.loading import Loaded
from models.statement import Statement
from states.actions import Action
from states.facts import OFFICE_TIME
from states.lifecycle import stage_label
from states.refusal import Refused
from states.steps import STEP
from states.words import format_date


class Stale(Refused):
    """What was seen is not what stands any more, and the reasons tell the person so."""


def refuse_stale(session: Session, loaded: Loaded, seen_version: int | None) -> None:
    """Refuse what was made on an older version than the one stored, and tell what changed meanwhile.

    None is for whoever looked at no version.
    """
    if seen_version is None or seen_version == loaded.facts.version:
        return
    last = _LAST.one(session, id=loaded.id, seq=loaded.facts.version)
    recorded_at = datetime.fromisoformat(last.recorded_at) if isinstance(last.recorded_at, str) else last.recorded_at
    label = STEP[Action(last.action)].label if last.action in set(Action) else "Sửa hồ sơ"
    raise Stale(
        f"Đề án {loaded.facts.code} vừa được {last.name or 'hệ thống'} cập nhật (bước «{label}», ngày "
        f"{format_date(recorded_at.astimezone(OFFICE_TIME).date())}), nay ở giai đoạn "
        f"«{stage_label(loaded.facts.stage, loaded.facts.route)}»; hãy mở lại đề án rồi làm tiếp."
    )


_LAST = Statement(
    "SELECT e.action, e.recorded_at, p.name FROM event AS e LEFT JOIN person AS p ON p.id = e.recorded_by "
    "WHERE e.subject_kind = 'project' AND e.subject_id = :id AND e.seq = :seq"
)
