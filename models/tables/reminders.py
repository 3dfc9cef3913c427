"""Reminders: the rules, who answered what, the ledger of obligations, the outbox and every attempt to send.

Rules, absences, preferences and answers are subjects of the ledger of events. The rest is written by machines that run
again after a crash; its own unique keys keep it right, and its people may be forgotten.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlalchemy import text as sql_text
from sqlmodel import Field, SQLModel

from models.columns import BIG, CodeText, Day, Instant, flag, not_negative, one_of
from models.tables.base import Subject, big, table, text
from states.activities import Activity
from states.posting import AnswerKind, Channel, Letter, ObligationStatus, OutboxStatus
from states.reminder_rules import Audience, ReminderKind
from states.vocabulary import Route


class ReminderRuleRow(Subject, table=True):
    """A rung of the ladder or a repeat; `activity` is empty: every rule of this kind serves every activity."""

    __tablename__ = "reminder_rule"
    __table_args__ = table(
        one_of("activity", Activity),
        one_of("kind", ReminderKind),
        one_of("route", Route),
        one_of("audience", Audience),
        not_negative("every"),
        flag("urgent", "active", "verified"),
    )

    code: str = text(unique=True)
    activity: Activity | None = Field(default=None, sa_type=CodeText(Activity))
    kind: ReminderKind = Field(sa_type=CodeText(ReminderKind))
    clock: str | None = Field(default=None, sa_type=Text)
    label: str = text()
    jurisdiction: str = text()
    route: Route | None = Field(default=None, sa_type=CodeText(Route))
    audience: Audience = Field(sa_type=CodeText(Audience))
    workdays: int = big()
    every: int = big()
    urgent: int = big()
    active: int = big()
    basis: str = text()
    verified: int = big()
    doubt: str = text()
    effective_from: date = Field(sa_type=Day)
    effective_until: date | None = Field(default=None, sa_type=Day)


class StandIn(Subject, table=True):
    """Who stands in for a person from one day to another; an absence that was called off is not active."""

    __tablename__ = "stand_in"
    __table_args__ = table(
        flag("active"),
        CheckConstraint("from_on <= until_on", name="days_in_order"),
        Index("ix_stand_in_person", "person_id"),
    )

    person_id: int = big(foreign_key="person.id")
    substitute_id: int = big(foreign_key="person.id")
    from_on: date = Field(sa_type=Day)
    until_on: date = Field(sa_type=Day)
    active: int = big()


class Preference(Subject, table=True):
    """How a person wants to be told: channels in their order ("email zalobot"), and what comes with the digest only."""

    __tablename__ = "preference"
    __table_args__ = table(flag("urgent_at_once", "in_charge"))

    person_id: int = big(foreign_key="person.id", unique=True)
    channels: str = text()
    urgent_at_once: int = big()
    in_charge: int = big()


class Acknowledgement(Subject, table=True):
    """What a person answered to a reminder: taken note of, or to be told again on a day. The latest answer holds."""

    __tablename__ = "acknowledgement"
    __table_args__ = table(
        one_of("kind", AnswerKind),
        CheckConstraint("(kind = 'snooze') = (until_on IS NOT NULL)", name="snoozed_until_a_day"),
        Index("ix_acknowledgement_about", "about", "person_id"),
    )

    person_id: int = big(foreign_key="person.id")
    about: str = text()
    kind: AnswerKind = Field(sa_type=CodeText(AnswerKind))
    until_on: date | None = Field(default=None, sa_type=Day)
    reason: str = text()


class Reminder(SQLModel, table=True):
    """The ledger of reminders: one row for each obligation (deadline version, rule, person), told or not and why not.

    `about` names the deadline with its version, or the project with its last event. Many rows ride in one letter.
    """

    __tablename__ = "reminder"
    __table_args__ = table(
        one_of("status", ObligationStatus),
        one_of("audience", Audience),
        flag("urgent"),
        Index("ix_reminder_about", "about"),
        Index("ix_reminder_person", "person_id", "swept_on"),
        Index("ix_reminder_outbox", "outbox_id"),
        Index(
            "ix_reminder_waiting",
            "person_id",
            sqlite_where=sql_text("status = 'waiting'"),
            postgresql_where=sql_text("status = 'waiting'"),
        ),
    )

    key: str = Field(primary_key=True, sa_type=Text)
    about: str = text()
    subject: str = text()
    person_id: int = big(foreign_key="person.id")
    rule: str = text()
    audience: Audience = Field(sa_type=CodeText(Audience))
    urgent: int = big()
    due_on: date = Field(sa_type=Day)
    swept_on: date = Field(sa_type=Day)
    status: ObligationStatus = Field(sa_type=CodeText(ObligationStatus))
    covered_by: str | None = Field(default=None, sa_type=Text)
    reason: str = text()
    outbox_id: int | None = Field(default=None, sa_type=BIG, foreign_key="outbox.id")
    created_at: datetime = Field(sa_type=Instant)


class Outbox(SQLModel, table=True):
    """One letter to one person over one channel, committed before anything is sent.

    Without a person it is for the operator. `parent_id` is the letter for which this one goes another way. A worker
    holds a row until `leased_until`; whoever comes later may take it then.
    """

    __tablename__ = "outbox"
    __table_args__ = table(
        one_of("channel", Channel),
        one_of("letter", Letter),
        one_of("status", OutboxStatus),
        not_negative("attempts"),
        UniqueConstraint("key"),
        Index("ix_outbox_person", "person_id", "made_at"),
        Index("ix_outbox_parent", "parent_id"),
        Index(
            "ix_outbox_open",
            "not_before",
            sqlite_where=sql_text("status IN ('waiting', 'leased')"),
            postgresql_where=sql_text("status IN ('waiting', 'leased')"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    key: str = text()
    person_id: int | None = Field(default=None, sa_type=BIG, foreign_key="person.id")
    channel: Channel = Field(sa_type=CodeText(Channel))
    letter: Letter = Field(sa_type=CodeText(Letter))
    status: OutboxStatus = Field(sa_type=CodeText(OutboxStatus))
    subject: str = text()
    body: str = text()
    made_at: datetime = Field(sa_type=Instant)
    not_before: datetime = Field(sa_type=Instant)
    expires_at: datetime | None = Field(default=None, sa_type=Instant)
    attempts: int = big()
    leased_by: str = text()
    leased_until: datetime | None = Field(default=None, sa_type=Instant)
    parent_id: int | None = Field(default=None, sa_type=BIG, foreign_key="outbox.id")
    outcome: str = text()
    detail: str = text()
    finished_at: datetime | None = Field(default=None, sa_type=Instant)


class Attempt(SQLModel, table=True):
    """One handing over of one letter: begun before it, ended after it. One that never ended was cut off by a crash."""

    __tablename__ = "attempt"
    __table_args__ = table()

    outbox_id: int = Field(primary_key=True, sa_type=BIG, foreign_key="outbox.id")
    no: int = Field(primary_key=True, sa_type=BIG)
    worker: str = text()
    mode: str = text()
    begun_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    outcome: str = text()
    code: str = text()
    provider_id: str = text()
    detail: str = text()


class Address(SQLModel, table=True):
    """Where a person is reached on a channel beside e-mail, and what was wrong with it. May be erased."""

    __tablename__ = "address"
    __table_args__ = table(one_of("channel", Channel), UniqueConstraint("channel", "address"))

    person_id: int = Field(primary_key=True, sa_type=BIG, foreign_key="person.id")
    channel: Channel = Field(primary_key=True, sa_type=CodeText(Channel))
    address: str = text()
    linked_at: datetime = Field(sa_type=Instant)
    problem: str = text()
    problem_at: datetime | None = Field(default=None, sa_type=Instant)


class LinkCode(SQLModel, table=True):
    """A code by which a person links an account of a channel: ten minutes, once. Only its hash is kept."""

    __tablename__ = "link_code"
    __table_args__ = table(one_of("channel", Channel))

    code_hash: str = Field(primary_key=True, sa_type=Text)
    person_id: int = big(foreign_key="person.id")
    channel: Channel = Field(sa_type=CodeText(Channel))
    expires_at: datetime = Field(sa_type=Instant)
    used_at: datetime | None = Field(default=None, sa_type=Instant)


class UsedLink(SQLModel, table=True):
    """A signed link that was used. What a link allows stands in the link; here is only that it was used."""

    __tablename__ = "used_link"
    __table_args__ = table()

    nonce: str = Field(primary_key=True, sa_type=Text)
    used_at: datetime = Field(sa_type=Instant)


class ChannelToken(SQLModel, table=True):
    """The access and refresh tokens of a channel. A refresh token is spent by its first use."""

    __tablename__ = "channel_token"
    __table_args__ = table(one_of("channel", Channel))

    channel: Channel = Field(primary_key=True, sa_type=CodeText(Channel))
    access: str = text()
    refresh: str = text()
    expires_at: datetime = Field(sa_type=Instant)
    renewed_at: datetime = Field(sa_type=Instant)


class ChannelState(SQLModel, table=True):
    """Whether a channel may be used now: stopped until its settings are mended, or paused for a while."""

    __tablename__ = "channel_state"
    __table_args__ = table(one_of("channel", Channel))

    channel: Channel = Field(primary_key=True, sa_type=CodeText(Channel))
    stopped_at: datetime | None = Field(default=None, sa_type=Instant)
    paused_until: datetime | None = Field(default=None, sa_type=Instant)
    next_at: datetime | None = Field(default=None, sa_type=Instant)
    detail: str = text()


class IncomingMessage(SQLModel, table=True):
    """A message from a provider that was read: providers deliver twice.

    `sender` is a keyed hash and no address; the wrong codes of a sender are counted by it.
    """

    __tablename__ = "incoming_message"
    __table_args__ = table(one_of("channel", Channel), flag("wrong"), Index("ix_incoming_message_read_at", "read_at"))

    channel: Channel = Field(primary_key=True, sa_type=CodeText(Channel))
    message_id: str = Field(primary_key=True, sa_type=Text)
    read_at: datetime = Field(sa_type=Instant)
    sender: str = text()
    wrong: int = big()
