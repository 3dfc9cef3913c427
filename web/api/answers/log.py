"""Answers about the ledger, its seals, what was denied; the periodic jobs and the webhooks."""

from web.api.answers.common import SEAL_FIELDS
from web.api.answers.glossary import count, text, yes
from web.api.answers.parts import codes, joined, many, named, paged, row

_EVENT = named(
    "Event",
    row(
        "id subject_kind subject_id seq action from_stage? to_stage? decided_on? recorded_at number note hash person? "
        "person_name? kind_label subject label to_label",
        subject_kind=text("Kind of the subject"),
        subject_id=count("Number of the subject"),
        from_stage=text("Stage before"),
        to_stage=text("Stage after"),
        person=text("Code of the person who recorded it; null for the system"),
    ),
)
_NO_MORE = count("Number before which the next page begins; null at the end")
_ROW_PROBLEM = row(
    "table key what",
    table=text("Table of the row"),
    key=text("Its key"),
    what=text("What is wrong with it, in Vietnamese"),
)
_SEAL = row("business_date no", no=count("Number of the seal"), **SEAL_FIELDS)
_DENIAL = row(
    "id at last_at times person? person_name? method path reason address",
    method=text("Method of the request"),
    path=text("Path of the request"),
)
_NOTE = row("id at act person person_name by_code? by_name? door os_user address label", act=text("What was done"))
_RUN = row(
    "job slot due_at status attempts worker started_at? ended_at? reason result? result_hash? status_label seconds?",
    job=text("Code of the job"),
    slot={"type": "string", "description": "Day of the run, with a time where it runs more than once a day"},
    worker=text("Which process ran it"),
    result={"type": "object", "description": "What it kept: counts and hashes by their names"},
    result_hash=text("SHA-256 of the result; empty where there is none"),
    seconds={"type": "number", "description": "How long it took, in seconds"},
)
_HOOK = row(
    "id name url topics made_at made_by ended_at? told_to behind status? attempts? not_before? detail?",
    url=text("Where it is told"),
    topics=codes("What it is told of"),
    made_by=text("Name of the person who added it"),
    told_to=count("Number of the last event that was written for it"),
    behind=count("Events that wait"),
)
_DELIVERY = row("id key subject status attempts made_at not_before finished_at? outcome detail status_label")

ANSWERS = {
    "log_listed": row(
        "events next_before? looked_to?",
        events=many(_EVENT),
        next_before=_NO_MORE,
        looked_to=count("Number of the oldest event that was looked at"),
    ),
    "log_one": joined(
        _EVENT,
        row(
            "body hash_holds before? after? seal?",
            body=text("The canonical body over which the hash is made"),
            hash_holds=yes("Does the hash hold?"),
            before=count("Number of the entry before it"),
            after=count("Number of the entry after it"),
            seal=row("no business_date"),
        ),
    ),
    "log_verified": row(
        "kind subject ok events problems",
        subject=count("Number of the subject"),
        events=count("Entries that were replayed"),
        problems=many(_ROW_PROBLEM),
    ),
    "log_sealed": row("seals", seals=many(_SEAL)),
    "log_seals_verified": row(
        "ok seals",
        seals=many(
            joined(
                _SEAL,
                row(
                    "is_whole problems",
                    is_whole=yes("Were all its events computed again?"),
                    problems=many(_ROW_PROBLEM),
                ),
            )
        ),
    ),
    "log_denied": paged("denials", _DENIAL),
    "log_accessed": paged("notes", _NOTE),
    "operations_runs": row("runs", runs=many(_RUN)),
    "operations_missed": row("missed", missed=many(row("job on due_at reason", job=text("Code of the job")))),
    "operations_one": _RUN,
    "operations_run_now": row(
        "job exit_code?",
        job=text("Code of the job"),
        exit_code=count("How it ended: 0 is well; null: it still runs"),
    ),
    "webhooks_listed": row("webhooks", webhooks=many(_HOOK)),
    "webhooks_add": row("id secret", secret=text("Secret of the signature: answered this once")),
    "webhooks_sent": row("webhook deliveries", webhook=count("Number of the webhook"), deliveries=many(_DELIVERY)),
    "webhooks_end": row("id"),
}
