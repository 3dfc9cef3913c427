"""Old records: a đề án that ended before the register knew of it, as one person vouches for it on some basis.

The form is the simplest that stays honest: the project comes in by ONE event, `bring_in` ("Nhập từ sổ cũ"), which sets
what is vouched for and nothing else. No step is taken, no paper is asked for, no deadline begins; the track of states
knows only the days that the old register tells. Of money the old register says what was approved and what was settled
of it. A closed project obeys two equations (design §9, "Money"), so what follows from these two is booked beside them,
and the funnel planned ≥ approved ≥ implemented ≥ settled holds: it was in the plan with what was approved, what was
settled had been accepted and paid, the rest was released. Appraisal, contract, allotment and prepayment stay at 0:
nobody vouches for them. Work counts as it was reached.

The event counts from the day of the settlement, or where nobody tells it from the last day of the plan year, so that
roll-ups by month show the money in its year; that second day is never shown as the day of anything.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from states.effects import QuantityKind
from states.facts import LARGEST_AMOUNT, Person
from states.folding import fold, quoted
from states.lifecycle import OLD_ENDS
from states.refusal import Refused
from states.vocabulary import STATE_FUND, Labelled, MoneyKind, Role, Route, Source, Stage, State
from states.words import format_date, format_dong

#: Who brings old records in: who writes dossiers and records decisions, for every unit.
BRINGERS = (Role.COORDINATOR,)
#: Who may vouch: who answers for dossiers or for money. Viewers only look, and an administrator keeps the machine.
VOUCHERS = (Role.CENTRE_OFFICER, Role.COORDINATOR, Role.LEADER, Role.FINANCE)
#: The milestone that stands at each end; of a stopped project nobody says that its work was done.
STATE_AT: Mapping[Stage, State] = {Stage.SETTLED: State.SETTLED, Stage.STOPPED: State.APPROVED}
#: The mark by which lists and exports tell an old record from one that was worked on here.
MARK = "Sổ cũ"


def marked(label: str, *, is_old: bool) -> str:
    """The label of a stage with the mark behind it, for tables that have one column for both."""
    return f"{label} ({MARK.lower()})" if is_old else label


#: Why a row of an old register is not taken.
ONLY_ENDED = "sổ cũ chỉ nhận đề án đã kết thúc; đề án đang làm hãy nhập như thường rồi đi từng bước."


class Told(Labelled):
    """What an old register says of an ended project, beside what every dossier says."""

    STAGE = "stage", "tình trạng"
    APPROVED = "approved", "kinh phí được phê duyệt"
    SETTLED = "settled", "kinh phí đã quyết toán"
    COUNTERPART = "counterpart", "kinh phí đối ứng"
    DECIDED_ON = "decided_on", "ngày quyết định"
    SETTLED_ON = "settled_on", "ngày quyết toán"


@dataclass(frozen=True, slots=True)
class Ended:
    """An ended project as the old register tells it; amounts in đồng, `asked` 0 where it says only what was approved.

    `decided_on` is the day of the decision that approved it, `settled_on` that of its end; both may be unknown.
    """

    stage: Stage
    route: Route
    plan_year: int
    approved: int
    settled: int
    counterpart: int = 0
    asked: int = 0
    targets: Mapping[str, int] = field(default_factory=dict)
    decided_on: date | None = None
    settled_on: date | None = None

    @property
    def fund(self) -> Source:
        return STATE_FUND[self.route]

    def counts_from(self, today: date) -> date:
        """The day of the settlement, else the last day of the plan year; never a day to come."""
        return self.settled_on or min(date(self.plan_year, 12, 31), today)


# --- who ----------------------------------------------------------------------------------------------


def reasons_against_vouching(by: Person, vouching: Person, basis: str) -> list[str]:
    """Why this person may not bring in what that one vouches for."""
    reasons = []
    if by.role not in BRINGERS or not by.active:
        roles = ", ".join(role.label for role in BRINGERS)
        reasons.append(f"{by.name} ({by.role.label}) không nhập sổ cũ được; cần: {roles} (đang hoạt động).")
    if vouching.id == by.id:
        reasons.append(f"{by.name} nhập sổ cũ thì không tự xác nhận; hãy ghi một người khác xác nhận.")
    if vouching.role not in VOUCHERS or not vouching.active:
        roles = ", ".join(role.label for role in VOUCHERS)
        reasons.append(f"{vouching.name} ({vouching.role.label}) không xác nhận sổ cũ được; cần: {roles}.")
    if not basis.strip():
        reasons.append("Phải ghi căn cứ xác nhận: sổ, quyết định hoặc biên bản nào.")
    return reasons


# --- what ---------------------------------------------------------------------------------------------

_ENDS: Mapping[Stage, frozenset[str]] = {
    Stage.SETTLED: frozenset(
        (
            *("quyet toan", "hoan thanh", "thanh ly", "nghiem thu thanh ly", "thanh ly hop dong", "ket thuc"),
            *("hoan thanh quyet toan", "quyet toan xong", "thanh quyet toan", "hoan tat", "settled"),
        )
    ),
    Stage.STOPPED: frozenset(
        (
            *("dung", "dung thuc hien", "dung trien khai", "ngung", "ngung thuc hien", "ngung trien khai", "huy"),
            *("huy bo", "khong trien khai", "khong thuc hien", "cham dut", "stopped"),
        )
    ),
}


def read_end(text: str) -> Stage:
    """The end that a cell of an old register speaks of. Raises Refused for a project that has not ended."""
    words = fold(text).strip(" .,;").removeprefix("da ").strip()
    for stage in OLD_ENDS:
        if words in _ENDS[stage] or words == fold(stage.label).removeprefix("da "):
            return stage
    raise Refused(f"Tình trạng {quoted(text)}: {ONLY_ENDED}")


def reasons_against(ended: Ended, today: date) -> Iterator[tuple[Told, str]]:
    """What cannot have been so, each with what it is about."""
    if ended.stage not in OLD_ENDS:
        yield Told.STAGE, ONLY_ENDED[0].upper() + ONLY_ENDED[1:]
    if ended.approved <= 0:
        yield Told.APPROVED, "Đề án sổ cũ phải có kinh phí hỗ trợ được phê duyệt lớn hơn 0 đồng; hãy ghi số đã duyệt."
    if ended.settled > ended.approved:
        yield (
            Told.SETTLED,
            f"Số quyết toán {format_dong(ended.settled)} lớn hơn số được phê duyệt {format_dong(ended.approved)}; "
            "hãy ghi số phê duyệt sau điều chỉnh.",
        )
    if ended.stage is Stage.SETTLED and ended.settled == 0:
        yield Told.SETTLED, "Đề án đã quyết toán phải có số quyết toán lớn hơn 0 đồng; nếu không làm thì ghi «Dừng»."
    if max(ended.approved, ended.settled, ended.counterpart, ended.asked) > LARGEST_AMOUNT:
        yield Told.APPROVED, "Số tiền quá lớn; hãy kiểm tra đơn vị tính ghi ở tiêu đề cột."
    yield from _days(ended, today)


def _days(ended: Ended, today: date) -> Iterator[tuple[Told, str]]:
    for told, day in ((Told.DECIDED_ON, ended.decided_on), (Told.SETTLED_ON, ended.settled_on)):
        if day is not None and day > today:
            label = told.label[0].upper() + told.label[1:]
            yield told, f"{label} {format_date(day)} ở tương lai; hãy kiểm tra lại."
    if ended.decided_on and ended.settled_on and ended.settled_on < ended.decided_on:
        yield Told.SETTLED_ON, f"Ngày quyết toán trước ngày quyết định {format_date(ended.decided_on)}; hãy kiểm tra."
    if ended.settled_on and ended.settled_on.year < ended.plan_year:
        yield Told.SETTLED_ON, f"Ngày quyết toán trước năm kế hoạch {ended.plan_year}; hãy kiểm tra lại."
    if date(ended.plan_year, 1, 1) > today:
        yield Told.STAGE, f"Năm kế hoạch {ended.plan_year} chưa tới nên đề án chưa thể kết thúc; hãy kiểm tra năm."


# --- what it comes to ---------------------------------------------------------------------------------

Levels = dict[tuple[Source, MoneyKind], int]
Work = dict[tuple[str, QuantityKind], int]


def money_of(ended: Ended) -> Levels:
    """What each kind of money of each source comes to, in đồng; what is 0 is left out.

    The owner's own money closes as it was spent; of a stopped project nobody says what was spent, so it is released.
    """
    fund, kept, own = ended.fund, ended.settled, ended.counterpart
    spent = own if ended.stage is Stage.SETTLED else 0
    levels = {
        (fund, MoneyKind.ASKED): ended.asked or ended.approved,
        (fund, MoneyKind.APPROVED): ended.approved,
        (fund, MoneyKind.RELEASED): ended.approved - kept,
        (Source.COUNTERPART, MoneyKind.ASKED): own,
        (Source.COUNTERPART, MoneyKind.APPROVED): own,
        (Source.COUNTERPART, MoneyKind.RELEASED): own - spent,
    }
    for kind in (MoneyKind.ACCEPTED, MoneyKind.PAID, MoneyKind.SETTLED):
        levels |= {(fund, kind): kept, (Source.COUNTERPART, kind): spent}
    return {key: amount for key, amount in levels.items() if amount}


def work_of(ended: Ended) -> Work:
    """What was reached towards each target: it had been planned and approved, and was accepted and settled."""
    return {(target, kind): done for target, done in ended.targets.items() if done for kind in QuantityKind}
