"""What the department writes about a dossier: the supplement note, the appraisal minutes, the reminder."""

from flows.jobs.papers.letters.projects import BLANK, day
from flows.jobs.papers.letters.writing import Values, Writing
from flows.jobs.papers.tables.frame import UNVERIFIED
from models.held import activity_code
from models.loading import load_project
from models.queries.deadlines import deadlines_of
from models.rulebook import rulebook
from states.actions import Action
from states.ceilings import ceiling
from states.lifecycle import ENDS
from states.recipients import steps_awaited
from states.refusal import Refused
from states.steps import STEP
from states.vocabulary import Authority, Paper, Route, Stage
from states.words import format_date, format_number

#: The department records that money came back, but it is the unit that pays it back.
_PAID_BACK = frozenset({"D-RECOVER"})
_BEFORE_APPRAISAL = frozenset({Stage.DRAFT, Stage.SUBMITTED, Stage.RETURNED, Stage.WITHDRAWN, Stage.LAPSED})


def supplement_note(writing: Writing) -> Values:
    one = writing.subject.one
    if one.facts.stage in ENDS:
        raise Refused(
            f"Đề án {one.facts.code} đã kết thúc («{one.sheet['stage_label']}»), không còn thời hạn bổ sung; hãy tìm "
            "phiếu đã gửi trong hồ sơ của đề án."
        )
    missing = list(one.sheet["missing"])
    if not missing and one.facts.stage is Stage.SUBMITTED:
        missing = [p.label for p in _asked_for(one.facts.route) if p not in one.facts.papers]
    if not missing:
        raise Refused(
            f"Đề án {one.facts.code} chưa có nội dung nào phải bổ sung; hãy ghi bước «{STEP[Action.RETURN].label}» với "
            "danh mục cần bổ sung, rồi soạn phiếu."
        )
    rows = deadlines_of(writing.occasion.session, one.facts.code, as_of=writing.occasion.today)
    due = next((row["due_on"] for row in rows if row["kind"] == "D-SUPP" and row["due_on"]), None)
    unit = one.sheet["unit"]["name"]
    return writing.head(Authority.DEPARTMENT, "", unit) | {
        "project": one.values(writing.on),
        "missing": missing,
        "due": f"đến hết ngày {day(due)}" if due else BLANK,
    }


def _asked_for(route: Route) -> list[Paper]:
    return sorted(STEP[Action.START_APPRAISAL].papers, key=list(Paper).index)


def appraisal_minutes(writing: Writing) -> Values:
    one = writing.subject.one
    if one.facts.stage in _BEFORE_APPRAISAL:
        raise Refused(
            f"Đề án {one.facts.code} chưa vào thẩm định (đang ở «{one.sheet['stage_label']}»); hãy ghi bước "
            f"«{STEP[Action.START_APPRAISAL].label}» trước."
        )
    allowed, doubts = _ceiling(writing)
    head = writing.head(Authority.DEPARTMENT, "BB")
    said = {"project": one.values(writing.on), "ceiling": allowed, "doubts": [*head["doubts"], *doubts]}
    return head | said


def _ceiling(writing: Writing) -> tuple[str, list[str]]:
    """The most that may be given with its basis, and what of it was not checked."""
    loaded = load_project(writing.occasion.session, writing.subject.one.facts.code)
    book = rulebook(writing.occasion.session)
    found = ceiling(
        book.ceilings,
        activity_code(loaded.activity),
        cost=loaded.total_cost,
        ask=0,
        route=loaded.facts.route,
        on=writing.occasion.today,
        jurisdiction=book.jurisdiction,
        quantity=1,
    )
    if found.allowed is None:
        return BLANK, []
    doubts = [] if found.verified else [f"Mức hỗ trợ tối đa {UNVERIFIED}: {found.basis}."]
    return f"{format_number(found.allowed)} đồng ({found.basis})", doubts


def reminder_letter(writing: Writing) -> Values:
    one = writing.subject.one
    rows = deadlines_of(writing.occasion.session, one.facts.code, as_of=writing.occasion.today)
    running = [row for row in rows if row["due_on"]]
    if not running:
        raise Refused(
            f"Đề án {one.facts.code} không có hạn nào đang chạy; hãy xem dean deadline list {one.facts.code}."
        )
    unit = one.sheet["unit"]["name"]
    theirs = [row for row in running if _is_of_the_unit(row["kind"], one.facts.route, one.facts.stage)]
    if not theirs:
        others = ", ".join(f"«{row['label']}»" for row in running)
        raise Refused(
            f"Các hạn đang chạy của đề án {one.facts.code} không phải việc của {unit}: {others}; hãy nhắc người đang "
            "giữ việc trong hệ thống, không gửi công văn này."
        )
    inner = [row["label"] for row in theirs if not row["statutory"]]
    doubted = [row["basis"] for row in theirs if row["statutory"] and not row["verified"]]
    return writing.head(Authority.DEPARTMENT, "", unit) | {
        "project": one.values(writing.on),
        "today": format_date(writing.occasion.today),
        "deadlines": [
            {
                "project": row["project"],
                "label": row["label"],
                "basis": row["basis"] if row["statutory"] else "",
                "due": day(row["due_on"]),
                "left": row["left"],
            }
            for row in theirs
        ],
        "doubts": [
            *(f"Hạn nội bộ, không có căn cứ pháp luật: {label}." for label in inner),
            *(f"Căn cứ {UNVERIFIED}: {basis}." for basis in dict.fromkeys(doubted)),
        ],
    }


def _is_of_the_unit(clock: str, route: Route, stage: Stage) -> bool:
    """Is the executing unit to act before this clock stops? It is sent no letter about the work of others."""
    steps = steps_awaited(clock, route, stage)
    return clock in _PAID_BACK or (bool(steps) and all(Authority.UNIT in step.authorities[route] for step in steps))
