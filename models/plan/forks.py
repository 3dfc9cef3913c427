"""What-if: copies of a plan in which projects and money are added, dropped and shifted, until one is the proposal.

A fork writes events like everything else, so that it can be told who tried what; it changes no project and no plan.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlmodel import Session

from models.append import SELF, Draft, append
from models.plan.life import amounts_of, build
from models.plan.lines import Amounts, Wanted
from models.plan.rows import candidate_lines
from models.plan.scope import Section
from models.plan.standing import Standing, load_plan
from models.plan.steps import Door, PlanTaken, refuse_person
from models.statement import Statement
from models.subjects import row_of
from states.actions import Entry
from states.folding import fold, quoted
from states.planning import ForkStatus, PlanStatus
from states.refusal import Refused
from states.vocabulary import STATE_FUND, Route, Source

Line = Mapping[str, Any]
#: The name under which the plan itself stands beside its forks.
PLAN = "kế hoạch"
#: A shift beyond this is another plan year.
_MOST_MONTHS = 24


@dataclass(frozen=True, slots=True)
class Trial:
    """What a fork holds for one project: đồng by source, by how many months its work is moved, and why."""

    amounts: Amounts
    months: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """What is tried out. `add` maps codes to amounts by source; nothing there takes those of the dossier."""

    add: Mapping[str, Amounts] = field(default_factory=dict)
    drop: Collection[str] = ()
    money: Mapping[str, Amounts] = field(default_factory=dict)
    shift: Mapping[str, int] = field(default_factory=dict)
    why: str = ""


@dataclass(frozen=True, slots=True)
class Fork:
    """A fork as it stands, with the plan that it tries out."""

    plan: Standing
    id: int
    name: str
    status: ForkStatus
    note: str
    trials: Mapping[int, Trial]


def open_fork(
    session: Session,
    programme: str,
    year: int,
    route: Route,
    name: str,
    *,
    door: Door,
    copy_of: str | None = None,
    lines: Mapping[int, Trial] | None = None,
    changes: Changes | None = None,
    note: str = "",
) -> Fork:
    """Copy the plan, another fork (`copy_of`) or chosen `lines` (by project id) under a name, and change the copy.

    Raises Refused for a name that is taken, a closed plan, and for changes that cannot be.
    """
    plan = load_plan(session, programme, year, route)
    reasons = refuse_person(door)
    if plan.status is PlanStatus.CLOSED:
        reasons.append("Kế hoạch đã khép, không còn gì để thử; hãy lập phương án cho năm sau.")
    if fold(name) == fold(PLAN):
        reasons.append(f"{quoted(name)} là tên gọi chính kế hoạch khi so sánh; hãy chọn tên khác cho phương án.")
    reasons += [
        f"Đã có phương án {quoted(fork['name'])} («{fork['status_label']}»); hãy chọn tên khác."
        for fork in fork_list(session, plan)
        if fold(fork["name"]) == fold(name)
    ]
    if reasons:
        raise Refused(*reasons)
    held: Mapping[int, Trial]
    if lines is not None:
        held = lines
    elif copy_of is not None:
        held = load_fork(session, plan, copy_of).trials
    else:
        held = {at: Trial(amounts) for at, amounts in plan.held.items()}
    trials = _changed(session, plan, held, changes or Changes())
    values = {"plan_id": plan.id, "name": name, "status": str(ForkStatus.OPEN), "note": note}
    rows = _rows(None, {}, trials)
    draft = Draft("plan_fork", str(Entry.OPEN), set=values, lines={"plan_fork_line": rows}, note=note)
    [written] = append(session, [draft], door.origin)
    return Fork(plan, written.subject_id, name, ForkStatus.OPEN, note, trials)


def change_fork(
    session: Session, programme: str, year: int, route: Route, name: str, changes: Changes, *, door: Door
) -> Fork:
    """Try something else in a fork that is still open. Raises Refused."""
    fork = _open(session, programme, year, route, name, door)
    trials = _changed(session, fork.plan, fork.trials, changes)
    rows = _rows(fork.id, fork.trials, trials)
    if not rows:
        raise Refused(f"Phương án {quoted(name)} đã như vậy; không có gì để ghi.")
    _write(session, fork, door, rows=rows, note=changes.why)
    return replace(fork, trials=trials)


def drop_fork(session: Session, programme: str, year: int, route: Route, name: str, *, door: Door) -> Fork:
    """Put a fork aside; it stays readable. Raises Refused."""
    fork = _open(session, programme, year, route, name, door)
    _write(session, fork, door, status=ForkStatus.DROPPED)
    return replace(fork, status=ForkStatus.DROPPED)


def propose_fork(session: Session, programme: str, year: int, route: Route, name: str, *, door: Door) -> PlanTaken:
    """Make a fork the draft that will be proposed. Raises Refused, also with what keeps one of its projects out.

    Where the fork tried other money or other days than the dossier has, the answer says which dossier to correct.
    """
    fork = _open(session, programme, year, route, name, door)
    wanted = {at: Wanted(trial.amounts, trial.why or f"Theo phương án {name}") for at, trial in fork.trials.items()}
    taken = build(session, programme, year, route, door=door, lines=wanted, note=f"Theo phương án {name}")
    _write(session, fork, door, status=ForkStatus.PROPOSED)
    return replace(taken, changes=(*taken.changes, *_to_correct(session, fork)))


def _to_correct(session: Session, fork: Fork) -> list[str]:
    told = []
    for line in candidate_lines(session, fork.plan.key):
        trial = fork.trials.get(line["id"])
        if trial is None or line["approved"]:
            continue
        if dict(trial.amounts) != amounts_of(line):
            told.append(f"{line['code']}: phương án ghi số tiền khác hồ sơ; hãy sửa hồ sơ cho khớp trước khi trình.")
        if trial.months:
            how = f"dean project edit {line['code']} --starts-on NGÀY --ends-on NGÀY"
            told.append(f"{line['code']}: phương án {shift_words(trial.months)}; hãy sửa ngày thực hiện ({how}).")
    return told


def shift_words(months: int) -> str:
    return f"lùi {months} tháng" if months > 0 else f"sớm hơn {-months} tháng"


# --- reading ------------------------------------------------------------------------------------------


def fork_list(session: Session, plan: Standing) -> list[dict[str, Any]]:
    """The forks of a plan, the newest first; `support` in đồng of the state fund."""
    return [
        {
            "name": row.name,
            "status": row.status,
            "status_label": ForkStatus(row.status).label,
            "note": row.note,
            "lines": int(row.lines),
            "support": int(row.support),
        }
        for row in _FORKS.rows(session, id=plan.id, fund=str(STATE_FUND[plan.route]))
    ]


_FORKS = Statement("""
    SELECT f.name, f.status, f.note,
           (SELECT count(*) FROM (
               SELECT l.project_id FROM plan_fork_line AS l WHERE l.fork_id = f.id
               GROUP BY l.project_id HAVING sum(l.amount * l.direction) > 0) AS held) AS lines,
           (SELECT coalesce(sum(l.amount * l.direction), 0) FROM plan_fork_line AS l
            WHERE l.fork_id = f.id AND l.source = :fund) AS support
    FROM plan_fork AS f WHERE f.plan_id = :id ORDER BY f.id DESC""")


def load_fork(session: Session, plan: Standing, name: str) -> Fork:
    """Find a fork of a plan by its name. Raises Refused for one that is not there."""
    rows = _NAMED.rows(session, id=plan.id)
    row = next((row for row in rows if fold(row.name) == fold(name)), None)
    if row is None:
        raise Refused(
            f"{plan.key.words} không có phương án {quoted(name)}; hãy xem danh sách (dean plan fork {plan.command})."
        )
    held: dict[int, dict[Source, int]] = {}
    months: dict[int, int] = {}
    for line in _STANDING.rows(session, id=row.id):
        if line.amount:
            held.setdefault(line.project_id, {})[Source(line.source)] = int(line.amount)
        months[line.project_id] = months.get(line.project_id, 0) + int(line.months)
    whys = {line.project_id: line.why for line in _WHYS.rows(session, id=row.id) if line.why}
    trials = {at: Trial(amounts, months[at], whys.get(at, "")) for at, amounts in held.items()}
    return Fork(plan, row.id, row.name, ForkStatus(row.status), row.note, trials)


_NAMED = Statement("SELECT id, name, status, note FROM plan_fork WHERE plan_id = :id")
_STANDING = Statement("""
    SELECT project_id, source, CAST(sum(amount * direction) AS BIGINT) AS amount,
           CAST(sum(months) AS BIGINT) AS months
    FROM plan_fork_line WHERE fork_id = :id GROUP BY project_id, source ORDER BY project_id, source""")
_WHYS = Statement("SELECT project_id, why FROM plan_fork_line WHERE fork_id = :id ORDER BY event_id, line")


# --- writing ------------------------------------------------------------------------------------------


def _open(session: Session, programme: str, year: int, route: Route, name: str, door: Door) -> Fork:
    """A fork that may be changed by the person at the door. The plan's lock comes first."""
    plan = load_plan(session, programme, year, route)
    fork = load_fork(session, plan, name)
    reasons = refuse_person(door)
    if fork.status is not ForkStatus.OPEN:
        reasons.append(
            f"Phương án {quoted(fork.name)} «{fork.status.label}», không đổi được nữa; hãy lập phương án mới"
            f" từ nó (dean plan fork {plan.command} --name TÊN --from {quoted(fork.name)})."
        )
    if reasons:
        raise Refused(*reasons)
    return fork


def _changed(session: Session, plan: Standing, held: Mapping[int, Trial], wanted: Changes) -> dict[int, Trial]:
    """The trials after the changes. Raises Refused with every reason."""
    lines = {line["code"]: line for line in candidate_lines(session, plan.key)}
    lines = {code: line for code, line in lines.items() if line["section"] != Section.CARRIED}
    reasons = _against(lines, held, wanted)
    if reasons:
        raise Refused(*reasons)
    trials = dict(held)
    for code, amounts in wanted.add.items():
        trials[lines[code]["id"]] = Trial(dict(amounts_of(lines[code])) | dict(amounts), why=wanted.why)
    for code, amounts in wanted.money.items():
        trial = trials[lines[code]["id"]]
        kept = {source: amount for source, amount in (dict(trial.amounts) | dict(amounts)).items() if amount}
        trials[lines[code]["id"]] = replace(trial, amounts=kept, why=wanted.why)
    for code, months in wanted.shift.items():
        trial = trials[lines[code]["id"]]
        trials[lines[code]["id"]] = replace(trial, months=trial.months + months, why=wanted.why)
    for code in wanted.drop:
        del trials[lines[code]["id"]]
    return trials


def _against(lines: Mapping[str, Line], held: Mapping[int, Trial], wanted: Changes) -> list[str]:
    inside = {code for code, line in lines.items() if line["id"] in held}
    reasons = []
    for code in sorted({*wanted.add, *wanted.drop, *wanted.money, *wanted.shift} - set(lines)):
        reasons.append(f"{code}: không phải ứng viên của năm và tuyến này; hãy kiểm tra mã (dean plan show --now).")
    reasons += [
        f"{code}: đã có trong phương án; hãy đổi số tiền (--money) thay vì --add."
        for code in sorted(set(wanted.add) & inside)
    ]
    reasons += [
        f"{code}: chưa có trong phương án; hãy ghi --add {code} trước."
        for code in sorted(({*wanted.drop, *wanted.money, *wanted.shift} & set(lines)) - inside - set(wanted.add))
    ]
    reasons += [
        f"{code}: vừa bỏ vừa đổi trong một lần; hãy giữ một việc."
        for code in sorted(set(wanted.drop) & {*wanted.add, *wanted.money, *wanted.shift})
    ]
    for code, amounts in (*wanted.add.items(), *wanted.money.items()):
        if code in lines and amounts.get(Source(lines[code]["fund"]), 1) == 0:
            reasons.append(f"{code}: hỗ trợ phải lớn hơn 0; muốn bỏ đề án hãy ghi --drop {code}.")
    for code in sorted({*wanted.drop, *wanted.money, *wanted.shift} & set(lines)):
        if lines[code]["approved"]:
            reasons.append(f"{code}: đã được phê duyệt; thay đổi phải qua điều chỉnh đề án (dean adjust).")
    reasons += _against_shifts(lines, held, wanted)
    return reasons


def _against_shifts(lines: Mapping[str, Line], held: Mapping[int, Trial], wanted: Changes) -> list[str]:
    reasons = []
    for code, months in wanted.shift.items():
        line = lines.get(code)
        if line is None:
            continue
        stood = held.get(line["id"])
        if abs(months + (stood.months if stood else 0)) > _MOST_MONTHS:
            reasons.append(f"{code}: chỉ dời được trong {_MOST_MONTHS} tháng; hãy ghi lại số tháng.")
        if line["starts_on"] is None and line["ends_on"] is None:
            how = f"dean project edit {code} --starts-on NGÀY --ends-on NGÀY"
            reasons.append(f"{code}: chưa ghi ngày thực hiện nên không dời được; hãy ghi ({how}).")
    return reasons


def _rows(fork_id: int | None, held: Mapping[int, Trial], wanted: Mapping[int, Trial]) -> list[dict[str, Any]]:
    """The rows that bring a fork from what it holds to what is wanted.

    Every project has one row of the counterpart in each change, so that is the row that also moves months.
    """
    rows = []
    nothing = Trial({})
    for at in sorted({*held, *wanted}):
        was, becomes = held.get(at, nothing), wanted.get(at, nothing)
        months = becomes.months - was.months
        for source in Source:
            change = becomes.amounts.get(source, 0) - was.amounts.get(source, 0)
            if change or (months and source is Source.COUNTERPART):
                rows.append(
                    {
                        "fork_id": SELF if fork_id is None else fork_id,
                        "project_id": at,
                        "source": str(source),
                        "amount": abs(change),
                        "direction": 1 if change >= 0 else -1,
                        "months": months if source is Source.COUNTERPART else 0,
                        "why": becomes.why,
                    }
                )
    return rows


def _write(
    session: Session,
    fork: Fork,
    door: Door,
    *,
    rows: list[dict[str, Any]] | None = None,
    status: ForkStatus | None = None,
    note: str = "",
) -> None:
    row = row_of(session, "plan_fork", fork.id, lock=True)
    draft = Draft(
        "plan_fork",
        str(Entry.EDIT),
        fork.id,
        row["version"],
        row["previous"],
        set={"status": str(status)} if status else {},
        was={"status": row["status"]} if status else {},
        lines={"plan_fork_line": rows} if rows else {},
        note=note,
    )
    append(session, [draft], door.origin)
