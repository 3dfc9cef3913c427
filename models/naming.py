"""Whom a project names as its beneficiaries, and who may change the names at which stage."""

from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.project_checks import AUTHORS
from states.adjustments import adjustment_authority
from states.facts import Facts, Person
from states.lifecycle import BEFORE_APPROVAL, RUNNING, WITH_THE_UNIT, stage_label
from states.vocabulary import Change, Kind, Role, Stage

SUBMITTED = "Hồ sơ đã nộp; chỉ điều phối viên của Sở sửa được sai sót, kèm lý do."
_BEFORE_CONTRACT = BEFORE_APPROVAL | {Stage.APPROVED}


def refused_naming(by: Person, facts: Facts, renamed: list[dict[str, Any]]) -> list[str]:
    """Why these names may not be recorded by this person at this stage.

    After approval the beneficiary is what was approved. Basis: TT 36/2013/TT-BCT Điều 11.
    """
    if not renamed or facts.stage in WITH_THE_UNIT:
        return []
    if not is_correction(facts, renamed):
        allowed: tuple[Role, ...] = AUTHORS
    elif facts.stage in BEFORE_APPROVAL:
        allowed = (Role.COORDINATOR,)
    elif facts.stage in RUNNING:
        decider = adjustment_authority(facts.route, (Change.CHANGE_BENEFICIARY,)).authority.label
        return [
            f"Đề án đã được phê duyệt; đơn vị thụ hưởng chỉ thay đổi theo quyết định điều chỉnh của {decider}, "
            f"hãy ghi đề nghị điều chỉnh (dean adjust request {facts.code} --beneficiary SỐ)."
        ]
    elif facts.is_vouched:
        return [
            "Đề án nhập từ sổ cũ; đơn vị thụ hưởng sửa bằng cách nhập lại dòng đó kèm lý do "
            "(dean import TỆP --old-records --correct LÝ_DO)."
        ]
    else:
        return [
            f"Ở giai đoạn «{stage_label(facts.stage, facts.route)}» không đổi được đơn vị thụ hưởng nữa; "
            "nếu một bước bị ghi nhầm, hãy hủy bước đó (revert) trước."
        ]
    return [] if by.role in allowed else [SUBMITTED]


def is_correction(facts: Facts, renamed: list[dict[str, Any]]) -> bool:
    """Past the unit's desk every change of names is one, but for those that a group project names later."""
    adding = all(line["direction"] > 0 for line in renamed)
    return bool(renamed) and not (facts.kind is Kind.GROUP and adding and facts.stage in _BEFORE_CONTRACT)


def beneficiaries_of(session: Session, project_id: int) -> list[int]:
    """The beneficiaries named now, in the order in which they were named."""
    return list(session.connection().execute(_NAMED, {"id": project_id}).scalars())


_NAMED = text(
    "SELECT beneficiary_id FROM project_beneficiary WHERE project_id = :id "
    "GROUP BY beneficiary_id HAVING sum(direction) > 0 ORDER BY min(event_id), min(line)"
)


def renamed_lines(session: Session, project_id: int, wanted: tuple[int, ...]) -> list[dict[str, Any]]:
    named = beneficiaries_of(session, project_id)
    added = [new for new in dict.fromkeys(wanted) if new not in named]
    changes = [(old, -1) for old in named if old not in wanted] + [(new, 1) for new in added]
    return [{"project_id": project_id, "beneficiary_id": who, "direction": way} for who, way in changes]
