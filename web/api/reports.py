"""Reports: frozen, read, compared with today, signed."""

from datetime import date
from typing import Annotated

from pydantic import Field

from models.report.differences import differences
from models.report.freezing import freeze, sign
from models.report.periods import report_period
from models.report.proposing import proposals_of, propose
from models.report.rows import list_reports, report_numbered
from states.scopes import Scope
from states.vocabulary import Role
from web.api.asked import Id, Json, Words
from web.api.bodies import Body, LongText, ShortText, Version
from web.api.routing import Endpoints
from web.desk import AtDesk
from web.roles import PROVINCE

endpoints = Endpoints(tags=["reports"])

COORDINATOR, LEADER = frozenset({Role.COORDINATOR}), frozenset({Role.LEADER})


class FreezeBody(Body):
    """A period as people write it, and the programme where it does not follow from the period."""

    period: Annotated[ShortText, Field(min_length=1, examples=["quý 1/2024", "tháng 3/2024", "năm 2024"])]
    programme: ShortText | None = None


class ProposalsBody(Body):
    """What the report proposes; empty words take back what stood there."""

    words: LongText
    seen_version: Version | None = None


class SignatureBody(Body):
    """The signed paper."""

    number: ShortText = Field(min_length=1)
    signed_on: date
    signer: ShortText = Field(min_length=1)


@endpoints.read("/reports", who=PROVINCE, label="Báo cáo đã chốt")
def listed(visit: AtDesk, programme: Words = "") -> Json:
    with visit.reading() as session:
        return {"reports": list_reports(session, programme or None)}


@endpoints.write("/reports", who=COORDINATOR, scope=Scope.PLAN, label="Chốt số liệu báo cáo", status=201)
def freeze_report(visit: AtDesk, body: FreezeBody) -> Json:
    """Freeze the figures of a period as they are known now; again makes the next issue."""
    with visit.writing() as session:
        code, reported = report_period(session, body.period, body.programme, visit.today)
        found = freeze(session, code, reported, by=visit.person, origin=visit.origin)
    return {"id": found.id} | found.head()


@endpoints.read("/reports/{number}", who=PROVINCE, label="Một báo cáo")
def one(visit: AtDesk, number: Id) -> Json:
    """The report as it was frozen, proved against its hash, with what it proposes."""
    with visit.reading() as session:
        found = report_numbered(session, number, reader=visit.person)
        said = {"proposals": proposals_of(session, found).plain(), "version": found.row["version"]}
        return {"id": found.id} | found.head() | said | {"body": found.body}


@endpoints.read("/reports/{number}/differences", who=PROVINCE, label="Báo cáo so với số liệu hôm nay")
def since(visit: AtDesk, number: Id) -> Json:
    with visit.reading() as session:
        return differences(session, report_numbered(session, number, reader=visit.person))


@endpoints.write(
    "/reports/{number}/proposals", who=COORDINATOR, scope=Scope.PLAN, label="Ghi đề xuất của báo cáo", method="PUT"
)
def write_proposals(visit: AtDesk, number: Id, body: ProposalsBody) -> Json:
    with visit.writing() as session:
        report = report_numbered(session, number, reader=visit.person)
        who: Json = {"by": visit.person, "origin": visit.origin, "seen_version": body.seen_version}
        return {"id": report.id} | propose(session, report, body.words, **who).plain()


@endpoints.write("/reports/{number}/signature", who=LEADER, scope=Scope.PLAN, label="Ghi việc ký báo cáo")
def sign_report(visit: AtDesk, number: Id, body: SignatureBody) -> Json:
    """Record the leader's signature; from then on the report is final."""
    with visit.writing() as session:
        report = report_numbered(session, number, reader=visit.person)
        found = sign(session, report, **body.model_dump(), by=visit.person, origin=visit.origin)
    return {"id": found.id} | found.head()
