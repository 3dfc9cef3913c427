"""Remarks on a project, each a subject of its own: a remark never stands in the way of a step."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from models.append import Origin
from models.columns import instant_text
from models.loading import load_person
from models.people import refuse_others_than
from models.queries.scope import plain_row, project_id_of, readable_by
from models.statement import Statement
from models.subjects import change_subject, open_subject, row_of
from states.facts import OFFICE_TIME, Person
from states.folding import clean_text
from states.refusal import Refused
from states.vocabulary import Role

_MENTION = re.compile(r"(?<![\w@])@([a-z0-9][a-z0-9._-]*[a-z0-9]|[a-z0-9])")
LONGEST = 4_000
#: People that one remark may call; each is told of it, so more would be a circular letter.
MOST_MENTIONED = 20
#: A mention that was in no letter for so long is in none any more: the desk has it.
TOLD_WITHIN = timedelta(days=14)


def remark(session: Session, code: str, words: str, *, by: Person, origin: Origin) -> int:
    """Put a remark on a project that its author may see; `@code` mentions people. Answers its id.

    Raises Refused for no words, too many, a hidden project, or a mention of nobody or of too many.
    """
    refuse_others_than(by, *(role for role in Role if role is not Role.COMMUNE_VIEWER))
    project_id = project_id_of(session, code, by)
    text = clean_text(words, "Ý kiến").strip()
    if not text or len(text) > LONGEST:
        raise Refused(f"Ý kiến phải có từ 1 đến {LONGEST} ký tự; hãy viết lại.")
    mentions = list(dict.fromkeys(_MENTION.findall(text)))
    if len(mentions) > MOST_MENTIONED:
        raise Refused(f"Một ý kiến nhắc nhiều nhất {MOST_MENTIONED} người; hãy bớt tên, hoặc viết thành nhiều ý kiến.")
    reasons = [reason for name in mentions if (reason := _unreachable(session, name, code))]
    if reasons:
        raise Refused(*reasons)
    values = {"project_id": project_id, "author_id": by.id, "words": text, "mentions": " ".join(mentions), "active": 1}
    return open_subject(session, "comment", values, origin)


def _unreachable(session: Session, name: str, code: str) -> str | None:
    """Why a person cannot be mentioned here: there is none of that name, or the project lies outside the scope."""
    if not _KNOWN.rows(session, code=name):
        return f"Không có người dùng «{name}»; hãy kiểm tra tên sau dấu @."
    person = load_person(session, name)
    try:
        project_id_of(session, code, person)
    except Refused:
        return f"{person.name} (@{name}) không xem được đề án này; hãy bỏ tên đó."
    return None


_KNOWN = Statement("SELECT 1 AS one FROM person WHERE code = :code AND active = 1")


def take_back(session: Session, comment_id: int, *, by: Person, origin: Origin) -> None:
    """Take one's own remark back: it stays in the log and leaves the page. Raises Refused for another's."""
    found = _AUTHOR.rows(session, id=comment_id)
    if not found or not found[0].active:
        raise Refused("Ý kiến này không còn; hãy tải lại trang.")
    if row_of(session, "comment", comment_id)["author_id"] != by.id:
        raise Refused("Chỉ người viết mới rút được ý kiến của mình.")
    change_subject(session, "comment", comment_id, {"active": 0}, origin)


_AUTHOR = Statement("SELECT author_id, active FROM comment WHERE id = :id")


def remarks(session: Session, code: str, *, reader: Person | None) -> list[dict[str, Any]]:
    """The remarks that stand on a project, oldest first. Raises Refused for a project the reader may not see."""
    project_id = project_id_of(session, code, reader)
    return [
        plain_row(row._asdict()) | {"mentions": row.mentions.split()} for row in _LIST.rows(session, project=project_id)
    ]


_LIST = Statement("""
    SELECT c.id, c.words, c.mentions, a.code AS author, a.name AS author_name, e.recorded_at
    FROM comment AS c JOIN person AS a ON a.id = c.author_id JOIN event AS e ON e.id = c.id
    WHERE c.project_id = :project AND c.active = 1 ORDER BY c.id""")


def mentions_of(session: Session, person: Person, *, since: str) -> list[dict[str, Any]]:
    """Remarks since an instant that mention the person, on projects still in their scope, the latest first."""
    where = readable_by(person)
    where.add("c.active = 1 AND e.recorded_at > :since", since=since)
    # Codes may hold an underscore, which stands for any letter in a pattern.
    name = person.code.replace("!", "!!").replace("_", "!_")
    where.add("' ' || c.mentions || ' ' LIKE :word ESCAPE '!'", word=f"% {name} %")
    return where.rows(session, _MENTIONS)


_MENTIONS = """
    SELECT c.id, p.code, p.name, c.words, a.name AS author_name, e.recorded_at
    FROM comment AS c JOIN event AS e ON e.id = c.id JOIN project AS p ON p.id = c.project_id
    JOIN person AS a ON a.id = c.author_id WHERE {where} ORDER BY c.id DESC"""


# --- in the morning's letter --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A remark that mentions a person and was in no letter to them yet; `person` is their code."""

    comment_id: int
    person_id: int
    person: str
    code: str
    name: str
    author: str
    words: str
    on: date


def untold_mentions(session: Session, *, at: datetime) -> list[Mention]:
    """Recent mentions that were in no letter to the person yet, of projects in their scope, the oldest first.

    Nobody is told of what they wrote themselves.
    """
    since = instant_text(at - TOLD_WITHIN)
    named = {code for row in _RECENT.rows(session, since=since) for code in row.mentions.split()}
    told = {(row.person_id, row.comment_id) for row in _TOLD.rows(session, since=since)}
    found = []
    for code in sorted(named):
        person = load_person(session, code)
        if not person.active:
            continue
        found += [
            _mention(person, row)
            for row in mentions_of(session, person, since=since)
            if (person.id, row["id"]) not in told and row["author_name"] != person.name
        ]
    return sorted(found, key=lambda mention: mention.comment_id)


def _mention(person: Person, row: dict[str, Any]) -> Mention:
    return Mention(
        comment_id=row["id"],
        person_id=person.id,
        person=person.code,
        code=row["code"],
        name=row["name"],
        author=row["author_name"],
        words=row["words"],
        on=datetime.fromisoformat(row["recorded_at"]).astimezone(OFFICE_TIME).date(),
    )


_RECENT = Statement("""
    SELECT c.mentions FROM comment AS c JOIN event AS e ON e.id = c.id
    WHERE c.active = 1 AND c.mentions <> '' AND e.recorded_at > :since""")
# A letter that never left told nobody.
_TOLD = Statement("""
    SELECT t.person_id, t.comment_id FROM mention_told AS t JOIN event AS e ON e.id = t.comment_id
    JOIN outbox AS o ON o.id = t.outbox_id
    WHERE e.recorded_at > :since AND o.status NOT IN ('expired', 'cancelled')""")
