"""One paper being written: the fields that every kind has, and which bodies stand behind a route."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flows.jobs.papers.letters.grounds import grounds
from flows.jobs.papers.letters.heads import issuer
from flows.jobs.papers.letters.subjects import Subject
from flows.jobs.papers.tables.frame import Occasion, cut_off_now
from models.queries.letterheads import letterhead, programme_paper
from states.vocabulary import Authority, Route

#: The body that approves a list, the one that appraises the money before it, and the one that signs the contract.
APPROVER = {Route.LOCAL: Authority.PROVINCE, Route.NATIONAL: Authority.MINISTRY}
REVIEWER = {Route.LOCAL: Authority.FINANCE_DEPARTMENT, Route.NATIONAL: Authority.AGENCY}
SIGNER = {Route.LOCAL: Authority.DEPARTMENT, Route.NATIONAL: Authority.AGENCY}

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Writing:
    """One paper being written: when and for whom, about what, whether a deputy signs, which section drafts it.

    `day` is the paper's own day where it is not today's.
    """

    occasion: Occasion
    subject: Subject
    deputy: bool
    section: str = ""
    day: date | None = None

    def dated(self, day: date) -> "Writing":
        """The same paper as one of an earlier day."""
        return replace(self, day=day)

    def head(self, authority: Authority, sign: str, addressee: str = "") -> Values:
        """The fields that every kind has."""
        told, subject = self.occasion, self.subject
        unit = subject.members[0].sheet["unit"]["name"]
        on, route = self.on, subject.route.label
        body = issuer(told.session, authority, on.isoformat(), unit_name=unit, deputy=self.deputy, section=self.section)
        programme = programme_paper(told.session, subject.programme["code"])
        law, doubts = grounds(subject.route, on, authority, programme)
        return {
            **body.values(sign),
            "addressee": addressee,
            "grounds": law,
            "recipients": ["Như trên" if addressee else unit],
            "year": str(subject.year),
            "route": route[0].lower() + route[1:],
            "programme": subject.programme["name"],
            "mark": told.mark and "MINH HỌA",
            "cut_off": cut_off_now(told.session).words(told.at),
            "made_at": told.at.isoformat(),
            "doubts": doubts,
        }

    @property
    def on(self) -> date:
        """The day whose law and whose names the paper has: its own, that of the decision on record, else today."""
        if self.day is not None:
            return self.day
        decision = self.subject.decision
        return date.fromisoformat(decision["decided_on"]) if decision else self.occasion.today

    def body(self, authority: Authority) -> str:
        return letterhead(self.occasion.session, authority, self.on.isoformat()).name
