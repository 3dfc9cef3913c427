"""Answers about yearly plans: versions, ranking, forks, the suggestion."""

from web.api.answers.common import AMOUNTS, PROGRAMME, QUANTITIES
from web.api.answers.glossary import count, day, dong, text, yes
from web.api.answers.parts import codes, figures, joined, keyed, many, maybe, named, row, sentences

_POINTS = row("criterion label points basis why")
_RANK = row(
    "position points goes_first lines tie remarks",
    lines=many(_POINTS),
    remarks=sentences("What the points leave out"),
)
_LINE = named(
    "PlanLine",
    row(
        "code name programme plan_year work_year route kind kind_label activity equipment? unit unit_name place? "
        "place_name? partner objectives scope starts_on? ends_on? total_cost expected_jobs stage stage_label content "
        "content_name section fund priorities money released targets approved ended beneficiaries blockers position~ "
        "rank?~ why~ months~",
        priorities=codes("Criteria of priority that the project names"),
        money=AMOUNTS,
        released=AMOUNTS,
        targets=QUANTITIES,
        approved=yes("Was it approved?"),
        ended=yes("Has it ended?"),
        beneficiaries=codes("Names of the beneficiaries"),
        blockers=sentences("What keeps it out of the plan"),
        rank=_RANK,
    ),
)
_SUM = {"money": AMOUNTS}
_TOTALS = named(
    "PlanTotals",
    row(
        "projects total money sections contents places units sources",
        total=dong("State support"),
        money=AMOUNTS,
        sections=many(row("section label projects total money", **_SUM)),
        contents=many(row("no code name projects total money", **_SUM)),
        places=many(row("code? name projects total money", **_SUM)),
        units=many(row("code name projects total money", **_SUM)),
        sources=many(row("source label amount projects")),
    ),
)
_CARRIED = row("projects total money", money=AMOUNTS)
_ENVELOPE = row(
    "content name source budget? earlier this_year other_route remaining?",
    earlier=dong("Planned in earlier years"),
    this_year=dong("Planned in this one"),
    other_route=dong("Planned on the other route"),
)
_TARGET = row(
    "code name unit content quantity? accepted_before open_before other_route adds missing?",
    unit=text("Unit of the target"),
    **figures("quantity accepted_before open_before other_route adds missing", "the target's unit"),
)
_TARGET["properties"] |= {name: maybe(_TARGET["properties"][name]) for name in ("quantity", "missing")}
_BLOCKED = row("code name section blockers", blockers=sentences("What keeps it out"))
_VERSION = row("version status status_label revision cutoff_event cutoff_on number hash")
_FIGURES = {
    "totals": _TOTALS,
    "carried": _CARRIED,
    "envelope": many(_ENVELOPE),
    "targets": many(_TARGET),
}
#: A kept version, or the candidates of now; what sums up is left out for a reader with a scope.
PLAN = row(
    "programme year route status? status_label? revision? version? hash? lines carried_lines~ blocked limited_to? "
    "totals~ carried~ envelope~ targets~ versions~ pending~ authority?~ number~ decided_on?~ signer~ note~ step~ "
    "form~ recorded_on~ cutoff_event~ cutoff_on~ drafts~",
    programme=PROGRAMME,
    lines=many(_LINE),
    carried_lines=many(_LINE),
    blocked=many(_BLOCKED),
    **_FIGURES,
    versions=many(_VERSION),
    pending=sentences("What changed since the plan was kept"),
    form=count("Form of the kept rows"),
)
_STEP_TAKEN = named(
    "PlanStepTaken",
    row(
        "year step status revision version hash lines support event changes warnings",
        changes=sentences("What it changed"),
        warnings=sentences("What should be known although the step was taken"),
    ),
)
_FORK = named("Fork", row("id name status note lines"))
_SIDES = row("left right change", **figures("left right change", "đồng, months or the target's unit"))
_SIDE = row(
    "fork? name status? status_label? note warnings",
    fork=text("Name of the fork; null for the plan itself"),
    warnings=sentences("What speaks against it"),
)
_LOAD = {name: count("Deadlines that fall in it") for name in ("left", "right", "change")}
_SEEN = row(
    "programme year route status revision version cutoff_on number hash lines~ support~ status_label route_label"
)
_CHOSEN = row("code name content money targets position points goes_first", money=AMOUNTS, targets=QUANTITIES)

ANSWERS = {
    "plans_listed": row("plans", plans=many(_SEEN)),
    "plans_one": joined(PLAN, row("seen_version")),
    "plans_steps": row(
        "steps seen_version",
        steps=many(
            row(
                "step label open reasons near",
                reasons=sentences("Why it is closed"),
                near=yes("Does it come next?"),
            )
        ),
    ),
    "plans_history": row("steps", steps=many(row("label by? on?"))),
    "plans_ranking": row(
        "year route on ranked warnings",
        ranked=many(
            joined(
                row(
                    "project name unit record",
                    unit=text("Name of the implementing unit"),
                    record=text("What the unit did before, in Vietnamese words"),
                ),
                _RANK,
            )
        ),
        warnings=sentences("What makes the ranking uncertain"),
    ),
    "plans_forks": row("forks", forks=many(row("name status status_label note lines support"))),
    "plans_open_fork": _FORK,
    "plans_fork": row(
        "year route programme fork name status status_label note lines totals carried envelope targets load warnings "
        "seen_version",
        programme=PROGRAMME,
        fork=text("Name of the fork"),
        lines=many(_LINE),
        **_FIGURES,
        load=keyed("month (YYYY-MM)", keyed("deadline in Vietnamese words", count("How many fall in the month"))),
        warnings=sentences("What speaks against it"),
    ),
    "plans_change_fork": _FORK,
    "plans_compared": row(
        "year route programme left right projects money contents targets load",
        programme=PROGRAMME,
        left=_SIDE,
        right=_SIDE,
        projects=many(
            row(
                "code name in_left in_right support counterpart months why",
                in_left=count("1: in the left one"),
                in_right=count("1: in the right one"),
                support=_SIDES,
                counterpart=_SIDES,
                months=_SIDES,
            )
        ),
        money=many(row("source? label left right change", **figures("left right change", "đồng"))),
        contents=many(row("content name source remaining", remaining=_SIDES)),
        targets=many(
            row(
                "code name unit quantity? adds missing?",
                unit=text("Unit of the target"),
                adds=_SIDES,
                missing=_SIDES,
            )
        ),
        load=many(
            row(
                "month left right change kinds",
                month=text("Month (YYYY-MM)"),
                **_LOAD,
                kinds=many(row("label left right change", **_LOAD)),
            )
        ),
    ),
    "plans_take": _STEP_TAKEN,
    "plans_drop_fork": _FORK,
    "plans_propose_fork": _STEP_TAKEN,
    "plans_suggestion": row(
        "year route programme on approved chosen money targets coverage left_out proven proven_aims proof warnings",
        programme=PROGRAMME,
        on=day("Day that it is of"),
        approved=many(_CHOSEN, "In the plan already"),
        chosen=many(joined(_CHOSEN, row("must", must=yes("Was it to be in?")))),
        money=many(
            row(
                "source content? budget taken chosen left",
                taken=dong("By what is approved"),
                chosen=dong("By what was chosen"),
                left=dong("Left over"),
            )
        ),
        targets=many(
            row(
                "code name unit missing_before covered missing_after",
                unit=text("Unit of the target"),
                **figures("missing_before covered missing_after", "the target's unit"),
            )
        ),
        coverage=row(
            "before after",
            before=text("Part of the missing targets that is covered, as a fraction"),
            after=text("The same with what was chosen"),
        ),
        left_out=many(
            row(
                "code name blocked reasons",
                blocked=yes("By a rule, and not for want of money?"),
                reasons=sentences("Why"),
            )
        ),
        proven=yes("Is it proven that no choice is better?"),
        proven_aims=count("How many of the aims were proven"),
        proof=text("The proof in Vietnamese words"),
        warnings=sentences("What makes the choice uncertain"),
    ),
}
