"""Who decides, who records and on what basis: the terms in which the rows of the lifecycle table are written."""

from datetime import date

from states.lifecycle import Authorities, Basis
from states.vocabulary import Authority, Role, Route

CENTRE, COORDINATOR, LEADER, FINANCE = Role.CENTRE_OFFICER, Role.COORDINATOR, Role.LEADER, Role.FINANCE
UNIT_SIDE = frozenset({CENTRE, COORDINATOR})
COORDINATORS = frozenset({COORDINATOR})
OFFICE = frozenset({COORDINATOR, LEADER})
LEADERS = frozenset({LEADER})
CASHIERS = frozenset({FINANCE, LEADER})


def by(local: Authority | None, national: Authority | None) -> Authorities:
    """One deciding body per route; None where the step does not exist on that route."""
    both = {Route.LOCAL: local, Route.NATIONAL: national}
    return {route: (authority,) for route, authority in both.items() if authority is not None}


BY_UNIT = by(Authority.UNIT, Authority.UNIT)
BY_DEPARTMENT = by(Authority.DEPARTMENT, Authority.DEPARTMENT)
BY_REVIEWER = by(Authority.FINANCE_DEPARTMENT, Authority.AGENCY)
BY_APPROVER = by(Authority.PROVINCE, Authority.MINISTRY)
BY_PAYER = by(Authority.DEPARTMENT, Authority.AGENCY)
#: On the national route minor changes are for the agency, others for the ministry. Basis: TT 36/2013 Điều 11.
BY_ADJUSTER: Authorities = {
    Route.LOCAL: (Authority.PROVINCE,),
    Route.NATIONAL: (Authority.AGENCY, Authority.MINISTRY),
}
#: The department refuses what it does not confirm; what it confirmed is refused where it was sent.
BY_REFUSER: Authorities = {route: (*bodies, Authority.DEPARTMENT) for route, bodies in BY_ADJUSTER.items()}


def tt36(article: str) -> Basis:
    """The circular on national-fund projects; it says nothing about the local route."""
    return Basis(f"TT 36/2013/TT-BCT {article}", date(2014, 2, 10), Route.NATIONAL)


def qd3082(section: str) -> Basis:
    """The province's programme decision; it governs the local route."""
    return Basis(f"QĐ 3082/QĐ-UBND mục {section}", date(2020, 11, 12), Route.LOCAL)


#: The day is that of issue; the day of entry into force was not seen in a source.
TT17 = Basis("TT 17/2018/TT-BCT Điều 1", date(2018, 7, 10), Route.NATIONAL)
BUDGET_LAW = Basis("Luật NSNN 83/2015/QH13 Điều 64", date(2017, 1, 1))
OFFICE_RULE = Basis("Quy định nội bộ")
