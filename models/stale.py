"""Of two people who work on one version, the second is told what the first one did."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from models.loading import Loaded
from models.statement import Statement
from models.subjects import row_of
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
    last = _LAST.one(session, kind="project", id=loaded.id, seq=loaded.facts.version)
    label = STEP[Action(last.action)].label if last.action in set(Action) else "Sửa hồ sơ"
    raise Stale(
        f"Đề án {loaded.facts.code} vừa được {last.name or 'hệ thống'} cập nhật (bước «{label}», ngày "
        f"{_day(last.recorded_at)}), nay ở giai đoạn "
        f"«{stage_label(loaded.facts.stage, loaded.facts.route)}»; hãy mở lại đề án rồi làm tiếp."
    )


def refuse_stale_subject(session: Session, kind: str, subject_id: int, seen_version: int | None, what: str) -> None:
    """The same of what is no project: lock its row, and refuse what was made on an older version of it.

    `what` names it in the sentence.
    """
    if seen_version is None:
        return
    version = int(row_of(session, kind, subject_id, lock=True)["version"])
    if version == seen_version:
        return
    last = _LAST.one(session, kind=kind, id=subject_id, seq=version)
    raise Stale(
        f"{what} vừa được {last.name or 'hệ thống'} sửa ngày {_day(last.recorded_at)}; "
        "hãy xem nội dung mới rồi sửa tiếp."
    )


def _day(recorded_at: Any) -> str:
    instant = datetime.fromisoformat(recorded_at) if isinstance(recorded_at, str) else recorded_at
    return format_date(instant.astimezone(OFFICE_TIME).date())


_LAST = Statement(
    "SELECT e.action, e.recorded_at, p.name FROM event AS e LEFT JOIN person AS p ON p.id = e.recorded_by "
    "WHERE e.subject_kind = :kind AND e.subject_id = :id AND e.seq = :seq"
)
