"""One paper being written: the fields that every kind has, and which bodies stand behind a route."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flows.jobs.papers.letters.grounds import grounds
from flows.jobs.papers.letters.heads import issuer
from flows.jobs.papers.letters.subjects import Subject
from flows.jobs.papers.tables.frame import Occasion, cut_off_now
from models.queries.letterheads import letterhead
from states.vocabulary import Authority, Route

#: The body that approves a list, the one that appraises the money before it, and the one that signs the contract.
APPROVER = {Route.LOCAL: Authority.PROVINCE, Route.NATIONAL: Authority.MINISTRY}
REVIEWER = {Route.LOCAL: Authority.FINANCE_DEPARTMENT, Route.NATIONAL: Authority.AGENCY}
SIGNER = {Route.LOCAL: Authority.DEPARTMENT, Route.NATIONAL: Authority.AGENCY}

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Writing:
    """One paper being written: when and for whom, about what, and whether a deputy signs."""

    occasion: Occasion
    subject: Subject
    deputy: bool

    def head(self, authority: Authority, sign: str, addressee: str = "") -> Values:
        """The fields that every kind has."""
        told, subject = self.occasion, self.subject
        unit = subject.members[0].sheet["unit"]["name"]
        body = issuer(told.session, authority, self.on.isoformat(), unit_name=unit, deputy=self.deputy)
        route = subject.route.label
        return {
            **body.values(sign),
            "addressee": addressee,
            "grounds": grounds(subject.route, self.on, subject.programme),
            "recipients": ["Như trên" if addressee else unit],
            "year": str(subject.year),
            "route": route[0].lower() + route[1:],
            "programme": subject.programme["name"],
            "mark": told.mark and "MINH HỌA",
            "cut_off": cut_off_now(told.session).words(told.at),
            "made_at": told.at.isoformat(),
            "doubts": [],
        }

    @property
    def on(self) -> date:
        """The day whose law and whose names the paper has: that of the decision on record, else today."""
        decision = self.subject.decision
        return date.fromisoformat(decision["decided_on"]) if decision else self.occasion.today

    def body(self, authority: Authority) -> str:
        return letterhead(self.occasion.session, authority, self.on.isoformat()).name
