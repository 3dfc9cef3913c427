"""Answers about reports: frozen, compared, signed."""

from web.api.answers.common import MONEY_OF_REPORT, WORK_OF_REPORT
from web.api.answers.glossary import count, day, text, yes
from web.api.answers.parts import joined, keyed, many, named, row, sentences

_DUE = row(
    "on? safe_on? basis provisional",
    provisional=count("1: counted over a year whose calendar is not confirmed"),
)
HEAD = named(
    "Report",
    row(
        "report programme kind kind_label label first_on last_on issue cutoff_event number signer signed_on? sha256 "
        "status status_label due frozen_at frozen_by?",
        report=count("Number of the report"),
        sha256=text("SHA-256 of what was frozen"),
        due=_DUE,
        frozen_by=text("Name of the person who froze it"),
    ),
)
PROPOSALS = row(
    "words written_by written_at",
    written_by=text("Name of the person who wrote it; empty where nothing was proposed"),
    written_at=text("When it was written; empty where nothing was proposed"),
)
_TARGET = row(
    "planned? estimate? period year cumulative",
    planned=count("Planned for the year, in the target's unit"),
    estimate=count("Expected of the year, in the target's unit"),
    period=count("Accepted in the period, in the target's unit"),
    year=count("Accepted since the year began, in the target's unit"),
    cumulative=count("Accepted since the programme began, in the target's unit"),
)
_TARGETS = keyed("code of the target", _TARGET)
_DIFFICULTY = row("kind label what day?", kind=text("Kind of difficulty"), what=text("What it is about"))
_PROJECT = row(
    "name route stage plan_year work_year content_no money targets~ difficulties~",
    money=MONEY_OF_REPORT,
    targets=_TARGETS,
    difficulties=keyed("what it is about", _DIFFICULTY),
)
_SUM = {"money": MONEY_OF_REPORT, "projects": WORK_OF_REPORT}
BODY = named(
    "ReportBody",
    row(
        "form programme period issue frozen_on cutoff_event cutoff_on due method figures labels proposals",
        form=count("Form of the kept figures"),
        programme=row("code name start_year end_year"),
        period=row("kind label first last basis doubt", first=day("First day"), last=day("Last day")),
        due=_DUE,
        method=sentences("How it is counted"),
        figures=row(
            "contents targets projects totals",
            contents=keyed("number of the content", row("money projects", **_SUM)),
            targets=_TARGETS,
            projects=keyed("code of the project", _PROJECT),
            totals=row(
                "money projects difficulties",
                **_SUM,
                difficulties=keyed("kind", count("How many projects have it")),
            ),
        ),
        labels=row(
            "contents targets units",
            contents=keyed("number of the content", text("Its name")),
            targets=keyed(
                "code of the target",
                row(
                    "code content_no name unit goal?",
                    unit=text("Unit of the target"),
                    goal=count("What the programme wants, in the target's unit"),
                ),
            ),
            units=keyed("code of the project", text("Name of its implementing unit")),
        ),
        proposals=text("What it proposed when it was frozen"),
    ),
)
_CELL = {"type": ["integer", "string", "null"]}
_CAUSE = row(
    "id kind project? seq action decided_on? recorded_at number note recorded_by? label",
    kind=text("Kind of subject"),
    recorded_by=text("Name of the person who recorded it"),
)
_CHANGE = row(
    "cell label was now events",
    cell=text("Path of the figure"),
    was=_CELL | {"description": "As frozen"},
    now=_CELL | {"description": "As it would be counted now"},
    events=many(_CAUSE, "Later entries that changed it"),
)
_NUMBERED = joined(row("id"), HEAD)

ANSWERS = {
    "reports_listed": row("reports", reports=many(HEAD)),
    "reports_freeze_report": _NUMBERED,
    "reports_one": joined(_NUMBERED, row("proposals version body", proposals=PROPOSALS, body=BODY)),
    "reports_since": row(
        "report head_event same changes",
        report=HEAD,
        head_event=count("Number of the last event now"),
        same=yes("Is every figure the same?"),
        changes=many(_CHANGE),
    ),
    "reports_write_proposals": joined(row("id"), PROPOSALS),
    "reports_sign_report": _NUMBERED,
}
