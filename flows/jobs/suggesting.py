"""The selection of a year that covers most of the missing targets within the money, and why the rest stays out."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flows.jobs.selecting import Gap, Limit, Option, Problem, select, why_left_out
from flows.jobs.suggestion import LeftOut, Suggestion
from models.plan.figures import figures_of, read_targets
from models.plan.ranking import rank_lines
from models.plan.rows import candidate_lines
from models.plan.scope import PlanKey, Section, plan_key
from models.plan.standing import open_plan
from models.queries.scope import readable_by
from states.facts import Person
from states.refusal import Refused
from states.vocabulary import STATE_FUND, Route, Source
from states.words import format_dong

#: How long HiGHS may search unless told otherwise. Realistic years of 500 candidates were proven within it, and with
#: reading and explaining the answer comes in less than 5 s; who wants the proof of a harder one asks for more.
SECONDS = 3.0


def suggest(
    session: Any,
    programme: str,
    year: int,
    route: Route,
    *,
    on: date,
    budgets: Mapping[Source, int] | None = None,
    reader: Person | None = None,
    must: Collection[str] = (),
    never: Collection[str] = (),
    seconds: float = SECONDS,
) -> Suggestion:
    """Choose among the candidates of a year on one route what covers most of the missing targets within the money.

    What is approved stays in, and its money counts. Each content keeps to what the programme's envelope leaves to the
    route's state fund, and the plan to the sum of that, or to the amount in `budgets`: what the year was allotted, in
    đồng. `must` and `never` are codes. Raises Refused for a reader who does not see every candidate, for codes that
    cannot be followed, and when what must be in goes over the money.
    """
    key = plan_key(session, programme, year, route)
    _refuse_partial_reader(reader)
    lines = [line for line in candidate_lines(session, key) if line["section"] != Section.CARRIED]
    ranking = rank_lines(session, key, lines, on=on)
    places = {placed.candidate.code: placed for placed in ranking.placed}
    lines.sort(key=lambda line: places[line["code"]].position)
    held = open_plan(session, programme, year, route, lock=False).held
    vetoes = {line["code"]: _vetoes(line, held) for line in lines}
    _refuse_wishes(lines, vetoes, must, never)
    problem = Problem(
        tuple(_option(line, places[line["code"]]) for line in lines if not vetoes[line["code"]]),
        _limits(session, key, lines, _read_budgets(budgets or {}, route)),
        _gaps(session, key, lines),
    )
    approved = {line["code"] for line in lines if line["approved"]}
    forced = tuple(option for option in problem.options if option.code in set(must) - approved)
    _refuse_overspending(problem.limits, forced, "Các đề án bắt buộc (--must)")
    # What is approved was counted when the limits and the gaps were read.
    rest = problem.having(forced)
    free = replace(rest, options=tuple(o for o in rest.options if o.code not in approved and o.code not in never))
    selected = select(free, seconds=seconds)
    chosen = tuple(free.options[place] for place in sorted(selected.chosen))
    _refuse_overspending(problem.limits, (*forced, *chosen), "Lựa chọn tìm được")
    whys = {free.options[place].code: why for place, why in why_left_out(free, selected.chosen).items()}
    return Suggestion(
        year=year,
        route=route,
        programme=key.programme,
        programme_name=key.programme_name,
        on=on,
        seconds=seconds,
        approved=tuple(option for option in problem.options if option.code in approved),
        must=forced,
        chosen=chosen,
        left_out=tuple(_left_out(lines, vetoes, whys, never)),
        limits=problem.limits,
        gaps=problem.gaps,
        selected=selected,
        warnings=(*_overdrawn(problem.limits), *ranking.warnings),
    )


def _refuse_partial_reader(reader: Person | None) -> None:
    if reader is not None and readable_by(reader).conditions:
        raise Refused(
            f"{reader.name} chỉ xem được một phần danh mục, còn đề xuất phải so sánh mọi đề án; "
            "hãy nhờ điều phối viên hoặc lãnh đạo Sở chạy lệnh này."
        )


def _vetoes(line: Mapping[str, Any], held: Collection[int]) -> list[str]:
    """What keeps a candidate out. What a draft took in despite a possible duplicate has its reason already."""
    if line["approved"]:
        return list(line["blockers"]) if line["ended"] else []
    return [why for why in line["blockers"] if why not in line["flags"] or line["id"] not in held]


def _option(line: Mapping[str, Any], placed: Any) -> Option:
    money = {Source(source): amount for source, amount in line["money"].items()}
    return Option(
        id=line["id"],
        code=line["code"],
        name=line["name"],
        content=line["content"],
        cost=money.get(Source(line["fund"]), 0),
        brings=line["targets"],
        goes_first=placed.score.goes_first,
        points=placed.points,
        position=placed.position,
        money=money,
    )


def _read_budgets(budgets: Mapping[Source, int], route: Route) -> int | None:
    """The amount typed for the fund of the route. Raises Refused for money that is no limit here."""
    fund = STATE_FUND[route]
    reasons = []
    for source, amount in budgets.items():
        if source is Source.COUNTERPART:
            reasons.append("Đối ứng là số dự kiến, không phải hạn mức; hãy bỏ --budget counterpart.")
        elif source is not fund:
            reasons.append(f"{route.label} không dùng {source.label}; hãy ghi --budget {fund}=SỐ TIỀN.")
        elif amount < 0:
            reasons.append("Hạn mức là số âm; hãy ghi từ 0 đồng trở lên.")
    if reasons:
        raise Refused(*reasons)
    return budgets.get(fund)


def _limits(
    session: Any, key: PlanKey, lines: Collection[Mapping[str, Any]], allotted: int | None
) -> tuple[Limit, ...]:
    """The limit of the plan, then that of each content that a line stands in or that has money.

    A project that waited and is approved is in the envelope already, under its original year; the allotment of this
    year pays for it all the same.
    """
    assert key.route is not None
    fund = STATE_FUND[key.route]
    new: Counter[int] = Counter()
    paid = 0
    for line in lines:
        if line["approved"]:
            kept = line["money"].get(fund, 0) - line["released"].get(fund, 0)
            paid += kept
            new[line["content"]] += kept if line["section"] == Section.NEW else 0
    by_content = [
        Limit(
            source=fund,
            content=row["content"],
            budget=row["budget"],
            taken=row["earlier"] + row["other_route"] + new[row["content"]],
        )
        for row in figures_of(session, key, ())["envelope"]
        if row["source"] == fund
    ]
    in_use = {line["content"] for line in lines}
    whole = (
        Limit(source=fund, content=None, budget=allotted, taken=paid)
        if allotted is not None
        else Limit(
            source=fund,
            content=None,
            budget=sum(limit.budget for limit in by_content),
            taken=sum(limit.taken for limit in by_content),
        )
    )
    return (whole, *(limit for limit in by_content if limit.content in in_use or limit.budget))


def _gaps(session: Any, key: PlanKey, lines: Collection[Mapping[str, Any]]) -> tuple[Gap, ...]:
    """The targets of which something is missing; a project that waited and is approved is in `open_before`."""
    held: Counter[str] = Counter()
    for line in lines:
        if line["approved"] and line["section"] == Section.NEW:
            held.update(line["targets"])
    return tuple(
        Gap(code=row["code"], name=row["name"], unit=row["unit"], missing=row["missing"], held=held[row["code"]])
        for row in read_targets(session, key, {})
        if row["missing"]
    )


def _refuse_wishes(
    lines: Collection[Mapping[str, Any]], vetoes: Mapping[str, Sequence[str]], must: Iterable[str], never: Iterable[str]
) -> None:
    wished, unwished = dict.fromkeys(must), dict.fromkeys(never)
    approved = {line["code"] for line in lines if line["approved"]}
    flagged = {line["code"] for line in lines if line["flags"] and line["blockers"] == line["flags"]}
    reasons = [
        f"{code}: không phải đề án của năm và tuyến này; hãy kiểm tra mã (dean plan show)."
        for code in {**wished, **unwished}
        if code not in vetoes
    ]
    reasons += [f"{code}: vừa --must vừa --never; hãy giữ một." for code in wished if code in unwished]
    reasons += [f"{code}: không thể bắt buộc. {why}" for code in wished for why in vetoes.get(code, ())]
    reasons += [
        f"{code}: nếu đã đối chiếu và không trùng, hãy đưa vào dự thảo trước (dean plan build --include {code}=LÝ DO)."
        for code in wished
        if code in flagged and vetoes.get(code)
    ]
    reasons += [f"{code}: đã phê duyệt nên ở trong kế hoạch; hãy bỏ --never." for code in unwished if code in approved]
    if reasons:
        raise Refused(*reasons)


def _refuse_overspending(limits: Iterable[Limit], options: Collection[Option], subject: str) -> None:
    """Hold a selection against its limits, in whole đồng. Raises Refused for each that it goes over."""
    reasons = [
        f"{subject} cần {format_dong(spent)} {limit.words}, chỉ còn {format_dong(limit.room)}, vượt "
        f"{format_dong(spent - limit.room)}; hãy bỏ bớt đề án bắt buộc hoặc tăng hạn mức."
        for limit in limits
        if (spent := limit.spent_on(options)) > limit.room
    ]
    if reasons:
        raise Refused(*reasons)


def _overdrawn(limits: Iterable[Limit]) -> Iterator[str]:
    for limit in limits:
        if limit.taken > limit.budget:
            yield f"{limit.words}: đã dùng vượt hạn mức {format_dong(limit.taken - limit.budget)}, không còn để chọn."


def _left_out(
    lines: Iterable[Mapping[str, Any]],
    vetoes: Mapping[str, Sequence[str]],
    whys: Mapping[str, str],
    never: Collection[str],
) -> Iterator[LeftOut]:
    for line in lines:
        code, name = line["code"], line["name"]
        if vetoes[code]:
            yield LeftOut(code, name, True, tuple(f"Vướng: {why}" for why in vetoes[code]))
        elif code in never:
            yield LeftOut(code, name, False, ("Người dùng yêu cầu để ngoài (--never).",))
        elif code in whys:
            yield LeftOut(code, name, False, (whys[code],))
