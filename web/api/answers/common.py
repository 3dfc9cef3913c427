"""Rows that answers of several areas share."""

from web.api.answers.glossary import MONEY, count, digest, dong, text, yes
from web.api.answers.parts import codes, keyed, many, named, row, sentences, sourced

CODE_AND_NAME = row("code name")
#: What the money of a project, or of many, came to from step to step.
FLOW = named("Flow", row(f"{MONEY} returned balance cash_balance", "Money from step to step, in đồng"))
FLOWS = sourced(FLOW)
TOTALS = row("state all", state=FLOW | {"description": "Of the state's funds"}, all=FLOW)
AMOUNTS = sourced(dong("Amount"), every=False)
QUANTITIES = keyed("code of the target", count("Quantity, in the target's unit"))
CUTOFF = named("CutOff", row("event on", "Up to which event and day the figures know the register"))
#: As files tell it: figures that were frozen earlier do not follow the register.
FILE_CUTOFF = row("event on frozen~", frozen=yes("Were the figures frozen earlier?"))

DEADLINE = named(
    "Deadline",
    row(
        "project name stage unit kind rule label status started_on due_on? printed_on? safe_on? stopped_on? statutory "
        "verified standing provisional basis governed_by? workdays_left? left",
        kind=text("Code of the clock"),
        governed_by=text("Code of the deadline that comes first by law"),
    ),
)
NEXT_DEADLINE = named(
    "NextDeadline",
    row(
        "kind label status due_on? safe_on? workdays_left? left statutory verified provisional",
        kind=text("Code of the clock"),
    ),
)
COUNTED_DAY = named(
    "CountedDay",
    row(
        "date weekday counted ordinal? reason basis verified marks",
        marks=codes("What falls on the day: printed, rolled, safe"),
    ),
)

#: A paper of a project, decision or contract.
PAPER = named(
    "Paper",
    row(
        "event line kind title version number issued_on? signer sha256 size file_name recorded_at recorded_by_name? "
        "label",
        version=count("Which version of the paper"),
    ),
)
TAKEN = named(
    "StepTaken",
    row(
        "project action from to state version event hash warnings",
        "What a step did",
        **{"from": text("Stage before"), "to": text("Stage after")},
        warnings=sentences("What should be known although the step was taken"),
    ),
)
WRITTEN = row("project version event hash")

OPEN_MONEY = named(
    "OpenMoney",
    row("kind label source source_label amount projects", kind=text("What is open, such as not_settled")),
)
PROJECT_MONEY = named(
    "ProjectMoney",
    row(
        "code name route plan_year stage stage_label old_record sources open closed",
        sources=sourced(FLOW, every=False),
        open=many(row("kind source amount")),
    ),
)
CONTENT_MONEY = named("ContentMoney", row("programme no name sources total", sources=FLOWS, total=TOTALS))


def money(scope: str, **more: dict[str, object]) -> dict[str, object]:
    """The money of many projects, from step to step."""
    about = row(f"kind {scope} projects closed_projects limited_to?", closed_projects=count("Of these, closed to zero"))
    return row(
        "scope sources total open closed contents projects~",
        scope=about,
        sources=FLOWS,
        total=TOTALS,
        open=many(OPEN_MONEY),
        contents=many(CONTENT_MONEY),
        projects=many(PROJECT_MONEY),
        **more,
    )


DUE = row("due_on amount received left overdue", left=dong("Still to come"), overdue=yes("Past its day?"))
DUPLICATE = row(
    "code name? plan_year route? route_label? stage? stage_label? equipment? beneficiary? recognised_by? asked? "
    "approved? certainty certainty_label hidden sentence",
    "An earlier project that may give the same; of one out of the reader's scope only code and year are told",
    recognised_by=text("How the beneficiary was recognised"),
    certainty=text("How certain it is"),
    hidden=yes("Out of the reader's scope?"),
)
PROGRAMME = row("code name")
ABSENCE = named("Absence", row("person substitute first_on last_on", substitute=text("Who reads instead: a code")))
SEAL_FIELDS = {
    "first_event": count("First event that it covers"),
    "last_event": count("Last event that it covers"),
    "count": count("Number of events"),
    "root": digest("Root over the heads of all subjects"),
    "previous": digest("The seal before"),
    "code": digest("Code under the key that is kept outside the database"),
}

# --- figures of reports -------------------------------------------------------------------------------

_OF_PERIODS = ("accepted", "allotted", "approved", "paid", "prepaid", "recovered", "released", "settled")


def periods(unit: str) -> dict[str, object]:
    """A figure of the period, of the year up to its end, and since the programme began."""
    about = (("period", "In the period"), ("year", "Since the year began"), ("cumulative", "Since the programme began"))
    return row("", **{name: count(f"{words}, in {unit}") for name, words in about})


MONEY_OF_REPORT = sourced(
    named(
        "MoneyOfReport",
        row(
            "planned expected",
            planned=dong("Planned for the year"),
            expected=dong("Expected of the year"),
            **{name: periods("đồng") for name in _OF_PERIODS},
        ),
    ),
    every=False,
)
WORK_OF_REPORT = named(
    "WorkOfReport",
    row(
        "planned",
        planned=count("Number of projects"),
        **{name: periods("projects") for name in ("approved", "accepted", "settled", "stopped")},
    ),
)
