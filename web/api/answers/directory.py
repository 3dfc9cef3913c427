"""Answers about people, units, places, bodies and beneficiaries."""

from web.api.answers.common import CODE_AND_NAME
from web.api.answers.glossary import count, text, yes
from web.api.answers.parts import joined, many, named, paged, row

_PERSON = row("code name role active unit? unit_name? place? place_name? role_label")
_REACHED = joined(_PERSON, row("email phone"))
_ACCOUNT = row(
    "version browsers seen_at? password second_factor account",
    browsers=count("Browsers in which the person is signed in"),
    password=yes("Has a password?"),
    second_factor=yes("Has a second factor?"),
    account=yes("Signs in with an account of the province?"),
)
_INVITED = row("invited_until? keys", keys=count("Tokens that hold"))
_PLACE = row(
    "code kind name level valid_from? valid_to? verified full_name",
    kind=text("Kind of place, in Vietnamese"),
    level=text("province, district or commune"),
)
_BENEFICIARY = row(
    "id name kind tax_code? women_owned ethnic_minority_owned projects place?", place=text("Name of the place")
)
_SUPPORTED = row("code name plan_year route stage unit_name approved settled stage_label")
_SHEET = named(
    "Beneficiary",
    row(
        "id name kind tax_code? women_owned ethnic_minority_owned version place? place_code? projects",
        place=text("Name of the place"),
        place_code=text("Code of the place"),
        projects=many(_SUPPORTED),
    ),
)

ANSWERS = {
    "directory_everyone": row("people", people=many(joined(_PERSON, _ACCOUNT))),
    "directory_one_person": joined(_REACHED, _ACCOUNT, _INVITED),
    "directory_new_person": _REACHED,
    "directory_change_person": _REACHED,
    "directory_units": row("units", units=many(row("code name executes active projects"))),
    "directory_new_unit": row("code name executes"),
    "directory_bodies": row(
        "bodies",
        bodies=many(
            row(
                "authority name head valid_from? valid_to? verified authority_label",
                head=text("Title of its head"),
            )
        ),
    ),
    "directory_gazetteer": paged("places", _PLACE),
    "directory_one_place": joined(
        _PLACE,
        row(
            "basis successors predecessors projects",
            successors=many(CODE_AND_NAME),
            predecessors=many(CODE_AND_NAME),
        ),
    ),
    "directory_supported": paged("beneficiaries", _BENEFICIARY),
    "directory_new_beneficiary": row("id name"),
    "directory_twice": row("groups", groups=many(many(_BENEFICIARY), "Each group may be one beneficiary")),
    "directory_one_beneficiary": _SHEET,
    "directory_change_beneficiary": _SHEET,
}
