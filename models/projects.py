"""Open a project, attach papers to it, and change what it says. Its stage is the ledger's business."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import Session

from models.append import Appended, Draft, Origin, append
from models.chain import plain
from models.forms import ProjectForm
from models.loading import Loaded, load_project
from models.naming import SUBMITTED, is_correction, refused_naming, renamed_lines
from models.papers import paper_lines
from models.project_checks import (
    AUTHORS,
    days_out_of_order,
    impossible_quantities,
    unknown_beneficiaries,
    unknown_content,
    unknown_targets,
)
from models.project_values import (
    asked_line,
    entered,
    named_lines,
    opening_values,
    planned_line,
    search_text,
    unopened_targets,
)
from models.queries.histories import FIELD_LABELS
from models.stale import refuse_stale
from models.subjects import row_of
from states.actions import Entry
from states.adjustments import KIND_OF
from states.facts import Enclosure, Person
from states.judge import out_of_scope
from states.lifecycle import ENDS, RUNNING, WITH_THE_UNIT
from states.refusal import Refused
from states.vocabulary import STATE_FUND, Role, Source, Stage

_WORDS = ("name", "activity", "partner", "objectives", "scope", "priorities")
_EXPECTED = ("expected_jobs", "expected_revenue", "expected_effect")
#: What an author may still change while the dossier lies with the unit, and an officer may correct later.
_COLUMNS = (*_WORDS, "equipment", "kind", "place_id", "starts_on", "ends_on", "total_cost", *_EXPECTED)
EDITABLE = frozenset(_COLUMNS)


def open_project(
    session: Session,
    form: ProjectForm,
    *,
    by: Person,
    origin: Origin,
    note: str = "",
    remind_from: date | None = None,
    more: Mapping[str, Any] | None = None,
) -> str:
    """Record a new đề án as a draft and return its code, numbered within its programme and year.

    What comes in whole from a file says in `more` from which, and is reminded of from `remind_from` on.
    Raises Refused for a person who writes no dossiers, an unknown programme, content, target, unit, place or
    beneficiary, a year outside the programme, or money of the other route's fund.
    """
    register = entered(session, form, by)
    values = opening_values(form, register, by, origin) | {"remind_from": remind_from}
    fund = STATE_FUND[form.route]
    amounts = {fund: 0, Source.COUNTERPART: 0} | form.amounts
    draft = Draft(
        kind="project",
        action=str(Entry.OPEN),
        set=values,
        lines={
            "money_entry": [asked_line(source, amount) for source, amount in amounts.items() if amount],
            "quantity_entry": [planned_line(target, quantity) for target, quantity in form.targets.items() if quantity],
            "project_beneficiary": named_lines(form.beneficiaries),
        },
        opens_sources=tuple(str(source) for source in amounts),
        opens_targets=tuple(target for target, quantity in form.targets.items() if quantity),
        to_stage=str(Stage.DRAFT),
        note=note,
        more=dict(more or {}),
    )
    append(session, [draft], origin)
    return register.code


def attach(session: Session, code: str, papers: tuple[Enclosure, ...], *, by: Person, origin: Origin) -> Appended:
    """Put papers on a project's file without taking a step. A second paper of a kind is its next version."""
    loaded = load_project(session, code, lock=True)
    reasons = _may_write(by, loaded)
    if not papers:
        reasons.append("Chưa kèm tài liệu nào; hãy ghi --paper LOẠI=TỆP.")
    if reasons:
        raise Refused(*reasons)
    draft = _edit(loaded, Entry.EDIT, {}, {}, note="")
    draft.lines["paper"] = paper_lines("project", loaded.id, papers, loaded.paper_counts)
    return append(session, [draft], origin)[0]


def amend(
    session: Session,
    code: str,
    values: Mapping[str, Any],
    *,
    by: Person,
    origin: Origin,
    note: str = "",
    beneficiaries: tuple[int, ...] | None = None,
    content: int | None = None,
    targets: Mapping[str, int] | None = None,
    seen_version: int | None = None,
    more: Mapping[str, Any] | None = None,
) -> Appended:
    """Change what a project says, with old and new value in the event.

    While the dossier lies with its author this is editing; afterwards it is the correction of a mistyped fact by
    an officer, with a reason. `beneficiaries` and `targets` (planned quantities by target code) replace what stood;
    content and targets change in a draft only. Money, stage and the year in the code are never changed here.
    What was written on an older version than `seen_version` is refused. `more` says what brought the change.
    """
    loaded = load_project(session, code, lock=True)
    refuse_stale(session, loaded, seen_version)
    was = row_of(session, "project", loaded.id)
    editing = loaded.facts.stage in WITH_THE_UNIT
    renamed = [] if beneficiaries is None else renamed_lines(session, loaded.id, beneficiaries)
    planned = None if targets is None else {target: quantity for target, quantity in targets.items() if quantity}
    reasons = reasons_against_amending(
        by, loaded, was, values, renamed, names_are_given=beneficiaries is not None, note=note
    )
    reasons += unknown_beneficiaries(session, beneficiaries or ())
    reasons += _refused_plan(session, loaded, content, targets)
    if reasons:
        raise Refused(*dict.fromkeys(reasons))
    written = dict(values) if content is None else {**values, "content_no": content}
    if written.get("equipment") == "":
        # As in a new project: equipment that is not told is missing, and never an empty line.
        written["equipment"] = None
    changed = {column: value for column, value in written.items() if plain(was[column]) != plain(value)}
    if changed.keys() & {"name", "objectives"}:
        merged = was | changed
        changed["search_text"] = search_text(merged["code"], merged["name"], merged["objectives"])
    correcting = not editing and (changed or is_correction(loaded.facts, renamed))
    before = {column: was[column] for column in changed}
    draft = _edit(loaded, Entry.CORRECT if correcting else Entry.EDIT, changed, before, note=note)
    draft.more.update(more or {})
    draft.lines["project_beneficiary"] = renamed
    if planned is not None:
        _replan(session, draft, loaded, planned)
    if not changed and not any(draft.lines.values()):
        raise Refused("Không có gì thay đổi so với dữ liệu đang ghi.")
    return append(session, [draft], origin)[0]


def reasons_against_amending(
    by: Person,
    loaded: Loaded,
    was: Mapping[str, Any],
    values: Mapping[str, Any],
    renamed: list[dict[str, Any]],
    *,
    names_are_given: bool,
    note: str,
) -> list[str]:
    """Why a person may not write these values and names (lines of changes) into a project that was read already."""
    editing = loaded.facts.stage in WITH_THE_UNIT
    reasons = _may_write(by, loaded)
    reasons += _refused_values(by, loaded, values, was)
    if not editing and by.role is Role.CENTRE_OFFICER and (values or not names_are_given):
        reasons.append(SUBMITTED)
    if not editing and not note.strip():
        reasons.append("Phải ghi lý do sửa (--note).")
    return reasons + refused_naming(by, loaded.facts, renamed)


def _refused_values(by: Person, loaded: Loaded, values: Mapping[str, Any], was: Mapping[str, Any]) -> list[str]:
    reasons = []
    decided = [_labelled(column) for column in _COLUMNS if column in values and column in KIND_OF]
    stage = loaded.facts.stage
    if decided and stage in RUNNING and by.role is not Role.LEADER:
        reasons.append(
            f"Đề án đã được phê duyệt; {', '.join(decided)} chỉ thay đổi theo quyết định điều chỉnh "
            f"(dean adjust request {loaded.facts.code}). Nếu là ghi nhầm, lãnh đạo Sở sửa, kèm lý do."
        )
    if decided and stage in _DELIVERED and by.role is not Role.LEADER:
        reasons.append(
            f"Đề án đã nghiệm thu; {', '.join(decided)} là điều đã nghiệm thu nên không thay đổi nữa. "
            "Nếu là ghi nhầm, lãnh đạo Sở sửa, kèm lý do."
        )
    if strange := sorted(set(values) - EDITABLE):
        reasons.append(f"Không sửa được {', '.join(strange)} ở đây; sửa được: {', '.join(sorted(EDITABLE))}.")
    closed = [_labelled(column) for column in _COLUMNS if column in values and column in _frozen(stage)]
    if values.keys() & _MEASURED and loaded.facts.is_vouched:
        reasons.append(
            "Đề án nhập từ sổ cũ; hoạt động và tổng kinh phí sửa bằng cách nhập lại dòng đó kèm lý do "
            "(dean import TỆP --old-records --correct LÝ_DO)."
        )
    elif closed and not loaded.facts.is_vouched:
        reasons.append(
            f"Đề án đã kết thúc; {', '.join(closed)} giữ nguyên như đã chốt nên không sửa riêng. "
            "Nếu ghi nhầm, hãy hủy bước kết thúc (dean advance MÃ revert) rồi ghi lại."
        )
    if values.keys() & _DAYS:
        reasons += days_out_of_order(*(plain(values.get(day, was[day])) for day in ("starts_on", "ends_on")))
    return reasons


_DAYS = frozenset({"starts_on", "ends_on"})
#: What a project was measured by, whichever end it came to: after that only a compensating step changes it.
_MEASURED = frozenset({"activity", "total_cost"})
#: What was approved has been delivered, and is being paid for or claimed back.
_DELIVERED = frozenset({Stage.ACCEPTED, Stage.SETTLING, Stage.RECOVERING})
#: Ends of approved projects: the books are closed on everything that the project says, its name too.
_CLOSED = frozenset({Stage.SETTLED, Stage.STOPPED, Stage.RECOVERED, Stage.WRITTEN_OFF})


def _frozen(stage: Stage) -> frozenset[str]:
    return EDITABLE if stage in _CLOSED else _MEASURED if stage in ENDS else frozenset()


def _labelled(column: str) -> str:
    return FIELD_LABELS[column].lower()


PLAN_IS_FIXED = (
    "Nội dung và chỉ tiêu chỉ sửa được khi đề án còn là bản nháp; "
    "đề án đã nộp thì rút hồ sơ rồi lập đề án khác, đã phê duyệt thì đề nghị điều chỉnh."
)


def _refused_plan(
    session: Session, loaded: Loaded, content: int | None, targets: Mapping[str, int] | None
) -> list[str]:
    if content is None and targets is None:
        return []
    reasons: list[str] = []
    if loaded.facts.stage is not Stage.DRAFT:
        reasons.append(PLAN_IS_FIXED)
    if content is not None:
        reasons += unknown_content(session, loaded.programme_id, content)
    if targets is not None:
        reasons += unknown_targets(session, loaded.programme_id, targets)
        reasons += impossible_quantities(targets)
    return reasons


def _replan(session: Session, draft: Draft, loaded: Loaded, planned: Mapping[str, int]) -> None:
    """Book the difference between the quantities that stand and those planned now; a target left out goes to 0."""
    stood = loaded.facts.quantities
    differences = {target: planned.get(target, 0) - stood.get(target, 0) for target in sorted({*stood, *planned})}
    draft.lines["quantity_entry"] = [
        {**planned_line(target, abs(more)), "direction": 1 if more > 0 else -1}
        for target, more in differences.items()
        if more
    ]
    draft.opens_targets = unopened_targets(session, loaded.id, planned)
    if draft.lines["quantity_entry"]:
        draft.more["targets"] = {"was": dict(stood), "set": dict(planned)}


def _may_write(by: Person, loaded: Loaded) -> list[str]:
    reasons = out_of_scope(by, loaded.facts.unit_id, loaded.facts.place_id)
    if by.role not in (*AUTHORS, Role.LEADER, Role.FINANCE) or not by.active:
        reasons.append(f"{by.role.label} không ghi vào hồ sơ đề án; hãy nhờ đơn vị thực hiện hoặc điều phối viên.")
    return reasons


def _edit(loaded: Loaded, action: Entry, values: dict[str, Any], was: dict[str, Any], *, note: str) -> Draft:
    return Draft(
        kind="project",
        action=str(action),
        subject_id=loaded.id,
        version=loaded.facts.version,
        previous=loaded.previous,
        set=values,
        was=was,
        from_stage=str(loaded.facts.stage),
        to_stage=str(loaded.facts.stage),
        note=note,
    )
