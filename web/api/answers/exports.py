"""Answers that are tables as files; as JSON they have the values of the page with what says where they are from."""

from web.api.answers.common import CUTOFF, FILE_CUTOFF, money
from web.api.answers.glossary import count, digest, instant, text, yes
from web.api.answers.papers import EXCEL, PDF
from web.api.answers.parts import Schema, codes, joined, keyed, many, row
from web.api.answers.plans import PLAN
from web.api.answers.programmes import FIGURES
from web.api.answers.projects import LISTED
from web.api.answers.reminders import COUNTS, TOLD
from web.api.answers.reports import BODY, HEAD, PROPOSALS

_HEAD = row(
    "table made_at cutoff demonstration read_as?",
    table=text("Which table it is"),
    made_at=instant("When the file was made"),
    cutoff=FILE_CUTOFF,
    read_as=text("Code of the person whose scope it has"),
)
_REGISTERED = joined(
    LISTED,
    row(
        "content_name equipment? partner objectives scope starts_on? ends_on? total_cost expected_jobs priorities "
        "contract? counterpart kind_label beneficiaries",
        priorities=codes("Criteria of priority that the project names"),
        contract=text("Number of the contract"),
        beneficiaries=codes("Names of the beneficiaries"),
    ),
)
_FILTERS = keyed("filter", {"description": "What it was set to"})


def _table(*rows: Schema) -> Schema:
    """The values of a table with what says where they are from."""
    return joined(_HEAD, *rows)


_FIELD = row(
    "name type description constraints",
    type=text("string, integer or number"),
    description=text("What it holds, in Vietnamese"),
    constraints=row("required", required=yes("Never null?")),
)
_RESOURCE = row(
    "name title path format mediatype dialect rows schema",
    path=text("Name of the file"),
    format=text("sqlite"),
    mediatype=text("Media type"),
    dialect=row("table", table=text("Name of the table")),
    rows=count("Number of rows"),
    schema=row("fields primaryKey~", fields=many(_FIELD), primaryKey=codes("Columns of the key")),
)
_TABLES = (EXCEL, "text/csv", PDF)

ANSWERS = {
    "exports_register": _table(row("filters limited_to? rows", filters=_FILTERS, rows=many(_REGISTERED))),
    "exports_plan": _table(PLAN),
    "exports_consolidated": _table(PLAN),
    "exports_programme": _table(FIGURES),
    "exports_settlement": _table(money("year~ route?~ programme~")),
    "exports_reminders": _table(
        row("filters limited_to? counts rows", filters=_FILTERS, counts=COUNTS, rows=many(TOLD)),
    ),
    "exports_report": _table(row("report proposals body", report=HEAD, proposals=PROPOSALS, body=BODY)),
    "exports_mart_description": row(
        "profile name title description created version demonstration cutoff content_hash intact bytes hash resources",
        "A Data Package",
        profile=text("data-package"),
        description=text("What the file is, in Vietnamese"),
        created=instant("When it was made"),
        version=text("Night of the file"),
        cutoff=CUTOFF,
        content_hash=digest("Hash over the rows of all tables"),
        intact=yes("Has the file the hash under which it was published?"),
        bytes=count("Size in bytes"),
        hash=text("SHA-256 of the file, with its prefix"),
        resources=many(_RESOURCE),
    ),
}
FILES = {
    **dict.fromkeys(
        (
            "exports_register",
            "exports_plan",
            "exports_consolidated",
            "exports_programme",
            "exports_settlement",
            "exports_reminders",
            "exports_report",
        ),
        _TABLES,
    ),
    "exports_commune": (EXCEL,),
    "exports_calendar": ("text/calendar",),
    "exports_mart": ("application/vnd.sqlite3",),
}
