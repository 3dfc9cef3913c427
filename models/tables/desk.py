"""What the desk in the browser keeps: how people sign in, what they were denied, how they like their pages.

Comments and what is shown to the public are subjects of the ledger. The rest may be erased with the person; a token,
a password or a link is kept as a hash only.
"""

from datetime import date, datetime

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import BIG, Day, Instant, flag, not_negative
from models.tables.base import Subject, big, table, text


class Comment(Subject, table=True):
    """A remark on a project. One that was taken back keeps its row; `mentions` are codes of people, space between."""

    __tablename__ = "comment"
    __table_args__ = table(flag("active"), Index("ix_comment_project", "project_id"))

    project_id: int = big(foreign_key="project.id")
    author_id: int = big(foreign_key="person.id")
    words: str = text()
    mentions: str = text()
    active: int = big()


class MentionTold(SQLModel, table=True):
    """The letter in which a person was told of a remark that mentions them: once, unless that letter never left."""

    __tablename__ = "mention_told"
    __table_args__ = table()

    person_id: int = Field(primary_key=True, sa_type=BIG, foreign_key="person.id")
    comment_id: int = Field(primary_key=True, sa_type=BIG, foreign_key="comment.id")
    outbox_id: int = big(foreign_key="outbox.id")


class Publication(Subject, table=True):
    """Whether a programme has a public page."""

    __tablename__ = "publication"
    __table_args__ = table(flag("active"))

    programme_id: int = big(foreign_key="programme.id", unique=True)
    active: int = big()


class Credential(SQLModel, table=True):
    """How a person proves who they are: an argon2 hash, and the seed of a second factor where one is set up.

    The secret follows from the seed and a key outside the database. `totp_step` is the last time step that was used,
    so that a code read over a shoulder is worth nothing. No password: the hash is empty.
    """

    __tablename__ = "credential"
    __table_args__ = table(not_negative("totp_step"))

    person_id: int = Field(primary_key=True, sa_type=BIG, foreign_key="person.id")
    password_hash: str = text()
    changed_at: datetime = Field(sa_type=Instant)
    totp_secret: str = text()
    totp_step: int = big()
    recovery_hashes: str = text()
    oidc_subject: str | None = Field(default=None, sa_type=Text, unique=True)


class Invitation(SQLModel, table=True):
    """A link by which a person chooses a password, once."""

    __tablename__ = "invitation"
    __table_args__ = table(Index("ix_invitation_person", "person_id"))

    token_hash: str = Field(primary_key=True, sa_type=Text)
    person_id: int = big(foreign_key="person.id")
    made_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    used_at: datetime | None = Field(default=None, sa_type=Instant)


class WebSession(SQLModel, table=True):
    """One browser in which a person is signed in. `told` is what the next page says at its top."""

    __tablename__ = "web_session"
    __table_args__ = table(flag("second_factor"), Index("ix_web_session_person", "person_id"))

    token_hash: str = Field(primary_key=True, sa_type=Text)
    person_id: int = big(foreign_key="person.id")
    opened_at: datetime = Field(sa_type=Instant)
    seen_at: datetime = Field(sa_type=Instant)
    ends_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    second_factor: int = big()
    address: str = text()
    agent: str = text()
    told: str = text()


class LoginFailure(SQLModel, table=True):
    """A sign-in that failed; `about` is the name tried, or the address it came from."""

    __tablename__ = "login_failure"
    __table_args__ = table(Index("ix_login_failure_about", "about", "at"))

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    about: str = text()
    at: datetime = Field(sa_type=Instant)


class Denial(SQLModel, table=True):
    """Something that a person, or a stranger, asked for and may not have: once, or several `times` on one day.

    `route` is the pattern of the path.
    """

    __tablename__ = "denial"
    __table_args__ = table(Index("ix_denial_at", "at"), Index("ix_denial_day", "day", "person_id", "route"))

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    at: datetime = Field(sa_type=Instant)
    last_at: datetime = Field(sa_type=Instant)
    times: int = big()
    day: date = Field(sa_type=Day)
    person_id: int | None = Field(default=None, sa_type=BIG, foreign_key="person.id")
    method: str = text()
    path: str = text()
    route: str = text()
    reason: str = text()
    address: str = text()


class AccessNote(SQLModel, table=True):
    """Something done to how a person signs in; `by_id` is nobody where it was done at the terminal."""

    __tablename__ = "access_note"
    __table_args__ = table(Index("ix_access_note_person", "person_id"))

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    at: datetime = Field(sa_type=Instant)
    act: str = text()
    person_id: int = big(foreign_key="person.id")
    by_id: int | None = Field(default=None, sa_type=BIG, foreign_key="person.id")
    door: str = text()
    os_user: str = text()
    address: str = text()


class SavedView(SQLModel, table=True):
    """A list with its filters, order and columns, under a name of the person's own; `query` is that of the address."""

    __tablename__ = "saved_view"
    __table_args__ = table(UniqueConstraint("person_id", "page", "name"))

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    person_id: int = big(foreign_key="person.id")
    page: str = text()
    name: str = text()
    query: str = text()
    made_at: datetime = Field(sa_type=Instant)


class PersonalSetting(SQLModel, table=True):
    """How a person likes a page: the language, the columns of a list."""

    __tablename__ = "personal_setting"
    __table_args__ = table()

    person_id: int = Field(primary_key=True, sa_type=BIG, foreign_key="person.id")
    name: str = Field(primary_key=True, sa_type=Text)
    value: str = text()


class ApiToken(SQLModel, table=True):
    """A token with which a program acts for a person, within its scopes (codes, space between)."""

    __tablename__ = "api_token"
    __table_args__ = table(Index("ix_api_token_person", "person_id"))

    token_hash: str = Field(primary_key=True, sa_type=Text)
    person_id: int = big(foreign_key="person.id")
    name: str = text()
    scopes: str = text()
    made_at: datetime = Field(sa_type=Instant)
    expires_on: date | None = Field(default=None, sa_type=Day)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)
    used_at: datetime | None = Field(default=None, sa_type=Instant)


class IdempotencyKey(SQLModel, table=True):
    """The answer that a write of the API got, so that asking again under the same key gets the same."""

    __tablename__ = "idempotency_key"
    __table_args__ = table(Index("ix_idempotency_key_at", "at"))

    person_id: int = Field(primary_key=True, sa_type=BIG, foreign_key="person.id")
    key: str = Field(primary_key=True, sa_type=Text)
    request_hash: str = text()
    status: int = big()
    answer: str = text()
    at: datetime = Field(sa_type=Instant)


class Webhook(SQLModel, table=True):
    """A program that is told of events (`topics`, space between) up to `cursor`; `outbox_id` is what it was told last.

    The signing secret follows from the seed and a key outside the database. One that has ended keeps its row.
    """

    __tablename__ = "webhook"
    __table_args__ = table()

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    name: str = text()
    url: str = text()
    topics: str = text()
    seed: str = text()
    made_at: datetime = Field(sa_type=Instant)
    made_by_id: int = big(foreign_key="person.id")
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    cursor: int = big()
    outbox_id: int | None = Field(default=None, sa_type=BIG, foreign_key="outbox.id")


class Feed(SQLModel, table=True):
    """The secret address of a person's calendar feed; only its hash is kept, and it can be withdrawn."""

    __tablename__ = "feed"
    __table_args__ = table(Index("ix_feed_person", "person_id"))

    secret_hash: str = Field(primary_key=True, sa_type=Text)
    person_id: int = big(foreign_key="person.id")
    made_at: datetime = Field(sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)
