"""Answers about projects: lists, sheets, histories, steps, facts, papers, remarks."""

from web.api.answers.common import (
    CODE_AND_NAME,
    COUNTED_DAY,
    DEADLINE,
    DUE,
    DUPLICATE,
    FLOWS,
    NEXT_DEADLINE,
    OPEN_MONEY,
    PAPER,
    PROJECT_MONEY,
    QUANTITIES,
    TAKEN,
    TOTALS,
    WRITTEN,
)
from web.api.answers.glossary import MONEY, count, day, dong, text, yes
from web.api.answers.parts import codes, figures, joined, keyed, many, named, paged, row, sentences

LISTED = named(
    "ProjectListed",
    row(
        "code name programme content activity route kind plan_year work_year unit unit_name place? place_name? state "
        "stage version moved_at asked appraised approved accepted settled amount route_label state_label stage_label "
        "old_record deadline?",
        amount=dong("State support that stands now"),
        deadline=NEXT_DEADLINE,
    ),
)
_PAPER = row(
    "kind title version number issued_on? signer sha256 file_name label", version=count("Which version of the paper")
)
_LAST_STEP = row("seq action label decided_on? recorded_at authority? authority_label? number note")
VOUCHED = named(
    "Vouched",
    row(
        "by? by_name? basis status decision? decided_on? settled_on? place_then? import? row? sha256? cells",
        "Of a project that came in ended from an old register: who vouches for it, on what basis, and what it said",
        by=text("Code of the person who vouches"),
        basis=text("The paper on whose basis"),
        status=text("How it ended, in the words of the old register"),
        settled_on=day("Day on which it was settled, where the old register tells it"),
        decision=text("Number of the decision that approved it"),
        place_then=text("Name of the place at that time"),
        **{"import": count("Number of the import")},
        row=count("Row of the file"),
        cells=keyed("field", text("Address of the cell")),
    ),
)
_SHEET = named(
    "Project",
    row(
        "code name programme content activity equipment? route route_label kind kind_label plan_year work_year state "
        "state_label stage stage_label resume_stage? adjustment_open missing version unit author? place? "
        "beneficiaries partner objectives scope starts_on? ends_on? total_cost expected_jobs expected_revenue "
        "expected_effect priorities funding targets papers deadlines duplicates decided_on? moved_at last_step? "
        "as_of? known_on? vouched?",
        vouched=VOUCHED,
        programme=CODE_AND_NAME,
        content=row("no name"),
        resume_stage=text("Stage to which a suspended project goes back"),
        adjustment_open=yes("Does a request for adjustment wait?"),
        missing=codes("What was asked for when the dossier was returned"),
        unit=CODE_AND_NAME,
        author=CODE_AND_NAME,
        place=CODE_AND_NAME,
        beneficiaries=many(row("id name kind tax_code? place?", place=text("Name of the place"))),
        priorities=codes("Criteria of priority that the project names"),
        funding=many(row(f"source source_label {MONEY} approved_now")),
        targets=many(
            row(
                "code name unit planned approved accepted settled",
                unit=text("Unit of the target"),
                **figures("planned approved accepted settled", "the target's unit"),
            )
        ),
        papers=many(joined(_PAPER, row("size"))),
        deadlines=many(DEADLINE),
        duplicates=many(DUPLICATE),
        last_step=_LAST_STEP,
    ),
)
_EVENT = row(
    "seq action label from? from_label? to? to_label? decided_on? recorded_at authority? authority_label? "
    "recorded_by? recorded_by_name? door os_user number signer note override missing reverts? undone changes money "
    "quantities papers hash vouched?",
    vouched=VOUCHED,
    **{"from": text("Stage before"), "to": text("Stage after")},
    override=text("Why the ceiling was exceeded"),
    missing=codes("What was asked for"),
    reverts=count("`seq` of the entry that it takes back"),
    changes=many(
        row("field label old? new?", old=text("Value before, in words"), new=text("Value after, in words")),
    ),
    money=many(row("source source_label kind kind_label amount", kind=text("Step of the money"))),
    quantities=many(row("target kind quantity", kind=text("planned, approved, accepted or settled"))),
    papers=many(_PAPER),
)
_OFFERED_STEP = row(
    "action label target? open reasons needs takes papers",
    target=text("Stage that it leads to"),
    open=yes("May the person of the token take it now?"),
    reasons=sentences("Why it is closed"),
    needs=sentences("What is to be given with it"),
    takes=codes("Fields of the body that it takes"),
    papers=codes("Kinds of paper that it asks for"),
)
_PROOF = row(
    "project kind rule label standing basis statutory verified status started_on printed_on? rolled_on? safe_on? "
    "stopped_on? in_time? paused warnings events days",
    in_time=yes("Was it met in time? null: not met yet"),
    warnings=sentences("What makes the days uncertain"),
    events=many(
        row(
            "id seq action decided_on? recorded_at number recorded_by",
            id=text("Number of the event"),
            seq=text("Number of the entry within its project"),
            recorded_by=text("Name of the person who recorded it"),
        )
    ),
    days=many(COUNTED_DAY),
)
_DATES = row(
    "contracted_on? allotted_on? arrived_on? prepaid_on? accepted_on? paid_on? settled_on? days",
    **{
        f"{name}_on": day(f"First day on which money was {name}")
        for name in ("contracted", "allotted", "arrived", "prepaid", "accepted", "paid", "settled")
    },
    days=row(
        "allotted_to_arrived? arrived_to_prepaid? arrived_to_paid? allotted_to_paid? accepted_to_paid?",
        **figures(
            "allotted_to_arrived arrived_to_prepaid arrived_to_paid allotted_to_paid accepted_to_paid", "calendar days"
        ),
    ),
)
_WATERFALL = row(
    "scope sources total open closed projects dates entries acceptances recovery",
    scope=row(
        "kind project projects closed_projects limited_to? name route plan_year stage stage_label contract?",
        closed_projects=count("Of these, closed to zero"),
        contract=row("number signed_on signer total"),
    ),
    sources=FLOWS,
    total=TOTALS,
    open=many(OPEN_MONEY),
    projects=many(PROJECT_MONEY),
    dates=_DATES,
    entries=many(
        row(
            "event line seq date action label source source_label kind kind_label amount number undone",
            kind=text("Step of the money"),
        )
    ),
    acceptances=many(
        row(
            "event held_on beneficiary? outcome outcome_label cost support counterpart reason quantities",
            outcome=text("passed or failed"),
            support=dong("State support that was accepted"),
            quantities=QUANTITIES,
        )
    ),
    recovery=row("as_of due received overdue", due=many(DUE)),
)
_COMMENT = row("id words mentions author author_name recorded_at", mentions=codes("Codes of the people mentioned"))

ANSWERS = {
    "projects_listed": paged("projects", LISTED),
    "projects_open_one": row("project"),
    "projects_one": _SHEET,
    "projects_copy": row("project"),
    "projects_change": WRITTEN,
    "projects_events": row("project events", events=many(_EVENT)),
    "projects_steps": row("project version state stage actions", actions=many(_OFFERED_STEP)),
    "projects_take": TAKEN,
    "projects_papers": row(
        "project papers", papers=many(joined(PAPER, row("newest", newest=yes("The newest version of its kind?"))))
    ),
    "projects_add_paper": joined(WRITTEN, row("sha256")),
    "projects_deadlines": row("project deadlines", deadlines=many(DEADLINE)),
    "projects_proof": row("project sheets", sheets=many(_PROOF)),
    "projects_waterfall": _WATERFALL,
    "projects_duplicates": row("project duplicates", duplicates=many(DUPLICATE)),
    "projects_comments": row("project comments", comments=many(_COMMENT)),
    "projects_comment": row("project comment", comment=count("Number of the remark")),
    "projects_uncomment": row("project comment", comment=count("Number of the remark")),
}
FILES = {"projects_paper": ("application/octet-stream",)}
