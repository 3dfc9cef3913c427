"""Answers about reminders, deadlines and the outbox."""

from web.api.answers.common import ABSENCE, DEADLINE
from web.api.answers.glossary import count, day, text, yes
from web.api.answers.parts import codes, joined, many, named, paged, row

_REMINDER = named(
    "Reminder",
    row(
        "key id person name read_by? read_by_name? project? project_name? about due_on? rule rule_label rung_on "
        "audience audience_label urgent swept_on status status_label reason covered_by? letter_id? channel? "
        "channel_label? letter? told_at? outcome? detail?",
        id=text("Short form of the key"),
        name=text("Name of the person"),
        read_by=text("Code of who reads in their place"),
        read_by_name=text("Name of who reads in their place"),
        about=text("What it is about: the same for every reminder of one deadline or standstill"),
        audience=text("owner, supervisor or next_level"),
        covered_by=text("Key of the later reminder that told the same"),
        letter_id=count("Number of the letter in the outbox"),
    ),
)
_ATTEMPT = row(
    "no worker mode begun_at ended_at? outcome? code? provider_id? detail?",
    worker=text("Which process sent it"),
    mode=text("Whether it was really sent"),
    code=text("Code of the provider's answer"),
    provider_id=text("Number of the provider"),
)
#: A reminder of the ledger, with every attempt to send it.
TOLD = joined(_REMINDER, row("", attempts=many(joined(_ATTEMPT, row("channel")))))
COUNTS = row(
    "",
    **{
        name: count(f"Reminders that are {name}")
        for name in ("waiting", "covered", "queued", "told", "cancelled", "untold")
    },
)
_LETTER = named(
    "Letter",
    row(
        "id key person? name? channel letter status subject made_at not_before expires_at? leased_until? parent_id? "
        "outcome detail finished_at? tries channel_label letter_label status_label",
        name=text("Name of the person"),
        subject=text("Subject of the letter"),
        parent_id=count("Number of the letter for which this one goes another way"),
    ),
)
_CHANNEL = row(
    "channel label setting form configured faults stopped_at? paused_until? detail waiting dead sent",
    setting=text("Name of its setting"),
    form=text("Form of the setting"),
    configured=yes("Is it set?"),
    faults=codes("What is wrong with its setting, in Vietnamese"),
    waiting=count("Letters that wait"),
    dead=count("Letters that did not arrive"),
    sent=count("Letters that were sent"),
)
_ANSWERED = row("person about cancelled", about=text("What it is about"), cancelled=count("Letters taken back"))
_WANTED = row(
    "person channels urgent_at_once in_charge",
    channels=codes("Channels in their order"),
    urgent_at_once=yes("Told of urgent matters at once?"),
    in_charge=yes("Gets what nobody else is responsible for?"),
)
_MINE = row(
    "reminder times still_open answer? until?",
    reminder=_REMINDER,
    still_open=yes("Is it as it was told?"),
    answer=text("The latest answer: acknowledged or snoozed"),
    until=day("Snoozed until this day"),
)

ANSWERS = {
    "reminders_due": paged("deadlines", DEADLINE),
    "reminders_my_reminders": row("reminders", reminders=many(_MINE)),
    "reminders_take_note": _ANSWERED,
    "reminders_put_off": _ANSWERED,
    "reminders_preferences": joined(_WANTED, row("", absences=many(ABSENCE))),
    "reminders_prefer": _WANTED,
    "reminders_be_away": ABSENCE,
    "reminders_be_back": row("person absence?", absence=ABSENCE),
    "reminders_ledger": joined(paged("reminders", TOLD), row("", counts=COUNTS)),
    "outbox_listed": paged("letters", _LETTER),
    "outbox_one": joined(
        _LETTER,
        row(
            "attempts reminders replaces? replaced_by?",
            attempts=many(_ATTEMPT),
            reminders=many(_REMINDER),
            replaces=_LETTER,
            replaced_by=_LETTER,
        ),
    ),
    "outbox_again": row("letters leaves_at", letters=count("How many are sent again")),
    "outbox_cancel": row(
        "letter reminders", letter=count("Number of the letter"), reminders=count("Reminders that were in it")
    ),
    "outbox_channels": row(
        "reason channels", reason=text("Why nothing leaves; empty where letters leave"), channels=many(_CHANNEL)
    ),
    "outbox_start": row("channel waiting", waiting=count("Letters that wait for it")),
}
