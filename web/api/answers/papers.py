"""Answers about papers that are written from the register, and registers that come in."""

from web.api.answers.glossary import count, text, yes
from web.api.answers.parts import codes, keyed, many, row, sentences

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
_LETTERS = many(
    row(
        "kind label own_template files",
        own_template=yes("Does the office have a template of its own? PDF has the words of ours"),
        files=row(
            "docx pdf pdf-a",
            docx=text("Address of the Word file"),
            pdf=text("Address of the PDF"),
            **{"pdf-a": text("Address of the PDF/A")},
        ),
    ),
    "What the person of the token may write now",
)
_UNVERIFIED = codes("Names that these papers print and nobody has checked against a document yet")
_OFFERED = {"letters": _LETTERS, "unverified": _UNVERIFIED}
_CHANGE = row("cell label was now", cell=text("Address of the cell"), was=text("Value now"), now=text("Value then"))
_ERROR = row("cell sentence", cell=text("Address of the cell, or the row"), sentence=text("Why it cannot be taken"))
_CONFLICT = row(
    "cell project label was now theirs",
    cell=text("Address of the cell, to be chosen under `choices`"),
    was=text("When it was handed out"),
    now=text("In the register"),
    theirs=text("In the file"),
)
_COLUMN = row(
    "column head field unit",
    column=text("Letter of the column"),
    head=text("Its head"),
    field=text("What it was taken for; empty: not used"),
    unit=text("Unit of the amounts; empty for others"),
)
_ROW = row(
    "row outcome project? name changes notes errors",
    row=count("Number of the row"),
    outcome=text("new, changed, same or wrong"),
    changes=many(_CHANGE),
    notes=sentences("How cells were understood"),
    errors=many(_ERROR),
)
_TEMPLATE = row(
    "kind label needs own problems recorded? fields",
    needs=text("What must be on record before, in Vietnamese"),
    own=yes("Is it the office's own?"),
    problems=sentences("Why it cannot be used"),
    recorded=row("kind sha256 file_name recorded_at recorded_by_name?", "Who put it there"),
    fields=keyed("field", text("What it holds, in Vietnamese")),
)

ANSWERS = {
    "letters_listed": row("templates", templates=many(_TEMPLATE)),
    "letters_use": _TEMPLATE,
    "letters_use_ours": _TEMPLATE,
    "letters_of_project": row("project stage", **_OFFERED),
    "letters_of_contract": row(
        "contract", contract=count("Number of the row"), letters=_LETTERS, unverified=_UNVERIFIED
    ),
    "letters_of_decision": row(
        "decision", decision=count("Number of the row"), letters=_LETTERS, unverified=_UNVERIFIED
    ),
    "letters_of_list": row("year route", **_OFFERED),
    "imports_preview_file": row(
        "file sha256 sheet programme vouched_by? basis? columns remarks corrected "
        "new_beneficiaries conflicts rows may_confirm",
        corrected=codes("Codes of projects already handed in that it changes: they need a `note`"),
        new_beneficiaries=many(
            row(
                "name alike",
                "Beneficiaries that nobody knows and that have no tax code: to be confirmed by `new_beneficiaries`",
                alike=many(row("id name"), "Those of the register whose names are much like it"),
            )
        ),
        vouched_by=text("Of an old register: code of the person who vouches"),
        basis=text("Of an old register: the paper on whose basis"),
        file=text("Name of the file"),
        sha256=text("SHA-256 of the file: what a confirmation names"),
        sheet=text("Sheet that holds the register"),
        columns=many(_COLUMN),
        remarks=many(
            row(
                "place sentence warning",
                place=text("Address of a cell, or a row"),
                warning=yes("Does it warn of something wrong?"),
            )
        ),
        conflicts=many(_CONFLICT),
        rows=many(_ROW),
        may_confirm=yes("Nothing is wrong, and something changes"),
    ),
    "imports_take_in": row(
        "import? sha256 opened amended unchanged sentence",
        **{"import": count("Number of the import; null where nothing changed")},
        opened=codes("Codes of the new projects"),
        amended=codes("Codes of the projects that changed"),
        unchanged=count("Rows as they stand"),
    ),
}
FILES = {
    **dict.fromkeys(
        (
            "letters_project_letter",
            "letters_contract_letter",
            "letters_decision_letter",
            "letters_list_letter",
        ),
        (WORD, PDF),
    ),
    **dict.fromkeys(("letters_dossier", "letters_proof_sheet", "letters_programme_sheet"), (PDF,)),
    "letters_file_of": (WORD,),
    "imports_marked": (EXCEL,),
}
