"""Answers about programmes: targets and money, roll-ups, rows behind a figure, the forecast, money across years."""

from states.vocabulary import Source
from web.api.answers.common import CUTOFF, DUE, DUPLICATE, PROGRAMME, money
from web.api.answers.glossary import count, day, dong, text, yes
from web.api.answers.parts import codes, figures, joined, many, maybe, named, row, sentences, sourced

_STEPS = "planned approved implemented settled"
_FIVE = row(f"budget? {_STEPS}", budget=dong("Budget of the programme"), **figures(_STEPS, "đồng"))
_FIVE["properties"]["budget"] = maybe(dong("Budget of the programme; null where it was not split"))
_MONEY = named(
    "ProgrammeMoney",
    row(" ".join((*Source, "total")), **dict.fromkeys((*map(str, Source), "total"), _FIVE)),
)
_CONTENT = row("no code name money", money=_MONEY)
_TARGET = row(
    "code content_no name unit unit_aliases quantity? quantity_min? quantity_max? planned approved implemented "
    "settled percent? projects",
    unit=text("Unit of the target"),
    unit_aliases=codes("Other names of the unit"),
    quantity_min=count("At least, where the programme gives a range"),
    quantity_max=count("At most, where the programme gives a range"),
    **figures(_STEPS, "the target's unit"),
    percent=count("Percent of the quantity that was implemented"),
    projects=many(
        row(f"code stage {_STEPS}", **figures(_STEPS, "the target's unit")),
        "Projects behind the target; empty unless asked for",
    ),
)
_THREE = row("approved implemented settled", **figures("approved implemented settled", "đồng"))
FIGURES = row(
    "programme money contents targets years months cutoff night? limited_to?",
    programme=row("code name number issued_on? issuer start_year end_year verified", issuer=text("Who issued it")),
    money=_MONEY,
    contents=many(_CONTENT),
    targets=many(_TARGET),
    years=many(row("year decided part sum", decided=_THREE, sum=_THREE)),
    months=many(row("part sum", sum=_THREE)),
    cutoff=CUTOFF,
    night=day("Night of the figures; null: of now"),
)
_HEAD = row("code name number start_year end_year verified projects", projects=yes("Has it projects?"))
_CELL = row("amount projects~", amount=count("In đồng, or in the unit of the target"))
_CELLS = row(_STEPS, **dict.fromkeys(_STEPS.split(), _CELL))
_SUMS = sourced(_CELLS, every=False)
_SUMS["properties"]["total"] = _CELLS
_ROLLED = row(
    "key name figures unit~",
    key=text("Code of the row: to be asked for under `key` in /rows"),
    figures=_SUMS,
    unit=text("Unit, where it is a target"),
)
_WAITING = row("project year approved planned", **figures("approved planned", "the target's unit"))
_TRIAL = row(
    "year result by_method by_naive",
    result=count("What came of it, in the target's unit"),
    by_method=text("What the method said, as a fraction"),
    by_naive=text("What the plain average said, as a fraction"),
)
_FORECAST = row(
    "code name unit goal? accepted approved planned expected low high missing? still_needed? per_year? verdict "
    "verdict_label years_left rate? usual by_method by_naive uses_naive back_test? sentences projects",
    unit=text("Unit of the target"),
    **figures("goal accepted approved planned expected low high missing still_needed", "the target's unit"),
    per_year=text("Needed in each year that is left"),
    verdict=text("reached, likely, missed, no_goal…"),
    years_left=count("Years that are left"),
    rate=text("Part of what was approved that is accepted, as a fraction"),
    usual=text("What a usual year brings, as a fraction"),
    by_method=text("What the method expects, as a fraction"),
    by_naive=text("What the plain average expects, as a fraction"),
    uses_naive=yes("Is the plain average used, as the better one?"),
    back_test=row(
        "method_error? naive_error? trials",
        method_error=text("Error of the method over closed years, as a fraction"),
        naive_error=text("Error of the plain average, as a fraction"),
        trials=many(_TRIAL),
    ),
    sentences=sentences("What the forecast says"),
    projects=row(
        "accepted waiting closed",
        accepted=many(row("project on quantity")),
        waiting=many(_WAITING),
        closed=many(row("year day waiting", waiting=many(_WAITING))),
    ),
)
for _name in ("goal", "missing", "still_needed"):
    _FORECAST["properties"][_name] = maybe(_FORECAST["properties"][_name])
_SIGNED = row("number on signer")
_VALUE = {"type": ["string", "integer", "null"]}
_ASKED = row(
    "project name number reason kinds kind_labels route status status_label requested_on authority authority_label "
    "basis changes confirmed? decision?",
    kinds=codes("Kinds of change"),
    kind_labels=codes("The kinds in Vietnamese words"),
    changes=many(
        row(
            "field label old new granted",
            old=_VALUE | {"description": "Value before; amounts in đồng"},
            new=_VALUE | {"description": "Value asked for; amounts in đồng"},
            granted=_VALUE | {"description": "Value that was granted; null while nothing was decided"},
        )
    ),
    confirmed=_SIGNED,
    decision=_SIGNED,
)
_RECOVERY = row(
    "project name stage stage_label to_recover received overdue next_due_on? due",
    next_due_on=day("Day of the next part"),
    due=many(DUE),
)
_CARD = row("code name plan_year route route_label stage stage_label equipment?")

ANSWERS = {
    "programmes_listed": row("programmes", programmes=many(_HEAD)),
    "programmes_figures": FIGURES,
    "programmes_status": row(
        "programme money contents targets",
        programme=row("code name number start_year end_year verified projects"),
        money=_MONEY,
        contents=many(_CONTENT),
        targets=many(_TARGET),
    ),
    "programmes_rollup": row(
        "programme as_of cutoff limited_to? agrees year? by rows total?",
        programme=PROGRAMME,
        cutoff=CUTOFF,
        agrees=yes("Do the two ways of adding up agree?"),
        by=text("Dimension of the rows"),
        rows=many(_ROLLED),
        total=_SUMS,
    ),
    "programmes_rows": row(
        "rows next name unit cutoff",
        rows=many(
            row(
                "code name plan_year serial route stage unit_name amount stage_label old_record",
                serial=count("Number within its year"),
                amount=count("What it adds, in `unit`"),
            )
        ),
        next=text("`after` of the next page; empty at the end"),
        name=text("What the figure is of"),
        unit=text("đồng, or the unit of the target"),
        cutoff=CUTOFF,
    ),
    "programmes_forecast": row(
        "programme as_of closed_years unknown_years method targets",
        programme=row("code name start_year end_year"),
        closed_years=many(count("Year"), "Years whose figures are final"),
        unknown_years=many(count("Year"), "Years of which nothing is known"),
        method=sentences("How it is counted"),
        targets=many(_FORECAST),
    ),
    "programmes_waterfall": money("programme"),
    "programmes_publication": row("programme shown", shown=yes("Has it a public page?")),
    "programmes_year_money": money("year route?"),
    "programmes_duplicates": row("duplicates", duplicates=many(joined(DUPLICATE, row("project", project=_CARD)))),
    "programmes_asked": row("requests", requests=many(_ASKED)),
    "programmes_to_recover": row("projects", projects=many(_RECOVERY)),
}
