"""Answers about the working calendar and the rules."""

from web.api.answers.common import COUNTED_DAY
from web.api.answers.glossary import count, day, text, yes
from web.api.answers.parts import codes, joined, keyed, many, row, sentences

_COUNTS = "workdays, days or months"
_ADDED = row(
    "from number unit roll printed_on rolled_on safe_on provisional warnings days",
    **{"from": day("First day; it is not counted")},
    number=count("How many were added"),
    unit=text(f"Of what: {_COUNTS}"),
    roll=text("How a day off is left: forward, safe or none"),
    warnings=sentences("What makes the days uncertain"),
    days=many(COUNTED_DAY),
)
_LISTED_DAY = row("date weekday works reason basis verified")
_BETWEEN = row(
    "from to workdays days provisional warnings listed",
    **{"from": day("First day; it is not counted"), "to": day("Last day; it is counted")},
    warnings=sentences("What makes the count uncertain"),
    listed=many(_LISTED_DAY, "Days that are not like others"),
)
_CALENDAR_DAY = row(
    "date weekday kind name basis verified switchable active swap_with?",
    kind=text("off or work"),
    switchable=yes("May it be taken away?"),
    swap_with=day("The day that is worked, or off, instead"),
)
_CALENDAR_YEAR = row(
    "year jurisdiction version confirmed workdays weekend weekend_basis days warnings",
    jurisdiction=text("Whose calendar it is"),
    confirmed=yes("Was the year compared with its document?"),
    workdays=count("Workdays of the year"),
    weekend=many(count("0: Monday … 6: Sunday"), "Days of the week that are off"),
    weekend_basis=text("Legal basis of the weekend"),
    days=many(_CALENDAR_DAY),
    warnings=sentences("What is to be known of the year"),
)
_CHANGE = row(
    "id recorded_at note recorded_by? days years",
    recorded_by=text("Name of the person who recorded it"),
    days=many(row("day kind name active works", kind=text("off or work"))),
    years=many(count("Year"), "Years that were confirmed"),
)
_MOVED = row(
    "count moved",
    count=count("How many deadlines moved"),
    moved=many(
        row(
            "project kind rule was? now?",
            kind=text("Code of the clock"),
            was=day("Last day before"),
            now=day("Last day now"),
        )
    ),
)
_STEP = row(
    "action label from to? authorities recorders papers act? signed noted money? takes basis",
    **{"from": codes("Stages in which it is taken"), "to": text("Stage after; null: as it was before")},
    authorities=keyed("route", codes("Who may decide")),
    recorders=codes("Roles that record it"),
    papers=codes("Kinds of paper that it asks for"),
    act=text("Kind of the paper that it makes"),
    signed=yes("Is a signer asked for?"),
    noted=yes("Is a note asked for?"),
    money=text("Step of the money that it writes"),
    takes=keyed("field", text("What it is, in Vietnamese")),
    basis=codes("Legal basis"),
)
_DEADLINE = row(
    "code kind clock label route? unit length? month? day? year? year_offset before roll basis statutory standing "
    "verified active effective_from effective_until?",
    unit=text("workdays, days, months or date"),
    length=count("How many of them"),
    month=count("Month of a date"),
    day=count("Day of a date"),
    year=text("Which year a date is of: work or plan"),
    year_offset=count("How many years later"),
    before=yes("Counted back from the day?"),
    roll=text("How a day off is left: forward, safe or none"),
)
_DATED = row(
    "code kind activity? label jurisdiction route? level basis verified doubt effective_from effective_until?",
)
_CEILING = joined(
    _DATED,
    row(
        "percent? cap? per base condition notes",
        per=text("For what the cap is"),
        base=text("Of what the percent is: eligible_cost or interest"),
        condition=text("Condition, in Vietnamese; empty where there is none"),
        notes=text("Notes"),
    ),
)
_PREPAYMENT = joined(
    _DATED,
    row(
        "percent progress papers",
        progress=count("Percent of the work that must be done first"),
        papers=codes("Kinds of paper that are asked for"),
    ),
)
_PRIORITY = joined(_DATED, row("criterion points jobs", jobs=count("Jobs from which it holds; 0: no such condition")))
_REMINDER = joined(
    _DATED,
    row(
        "counts counts_label clock? audience audience_label workdays? every? urgent active",
        counts=text("ladder or waiting"),
        audience=text("owner, supervisor or next_level"),
        workdays=count("Workdays after the deadline; negative: before it"),
        every=count("Workdays after which it is told again"),
    ),
)
_ONE = {"anyOf": [_DEADLINE, _CEILING, _PREPAYMENT, _PRIORITY, _REMINDER]}
_HISTORY = many(
    row(
        "seq recorded_at recorded_by? recorded_by_name? note changes",
        changes=many(
            row(
                "field old? new?",
                old={"description": "Value before"},
                new={"description": "Value after"},
            )
        ),
    )
)
_MORE = row("version changes", changes=_HISTORY)

ANSWERS = {
    "calendar_add": _ADDED,
    "calendar_count": _BETWEEN,
    "calendar_changes": row("changes", changes=many(_CHANGE)),
    "calendar_one_year": _CALENDAR_YEAR,
    "calendar_set_day": _MOVED,
    "calendar_confirm": _MOVED,
    "rules_lifecycle": row("steps", steps=many(_STEP)),
    "rules_listed": row(
        "deadlines~ ceilings~ prepayments~ priorities~ reminders~",
        deadlines=many(_DEADLINE),
        ceilings=many(_CEILING),
        prepayments=many(_PREPAYMENT),
        priorities=many(_PRIORITY),
        reminders=many(_REMINDER),
    ),
    "rules_add": row("codes moved", codes=codes("Codes of the new rules"), moved=count("Deadlines that moved")),
    "rules_one": {"anyOf": [joined(one, _MORE) for one in _ONE["anyOf"]]},
    "rules_change": _ONE,
}
