"""Where the money stands, from what was asked to what was settled, released and recovered, in any part of the register.

The sums are added up by SQL from the balances beside the entries; `models.reconciliation` proves these against the
entries and the events. Amounts in đồng. Two equations close per source: approved after adjustments = settled +
released (`balance` is 0), prepaid + paid = settled + recovered (`cash_balance` is 0). Basis: design §9, "Money".
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlmodel import Session

from models.codes import id_of
from models.contracts import contract_of
from models.money_days import money_days
from models.queries.scope import Where, project_id_of, readable_by
from states.facts import Person
from states.lifecycle import BEFORE_APPROVAL, ENDS, RUNNING, stage_label
from states.refusal import Refused
from states.vocabulary import Labelled, MoneyKind, Route, Source, Stage

#: The order in which money runs down, from the wish to the last đồng.
WATERFALL = (
    MoneyKind.ASKED,
    MoneyKind.APPRAISED,
    MoneyKind.APPROVED,
    MoneyKind.ADJUSTED,
    MoneyKind.ALLOTTED,
    MoneyKind.CONTRACTED,
    MoneyKind.PREPAID,
    MoneyKind.ACCEPTED,
    MoneyKind.PAID,
    MoneyKind.SETTLED,
    MoneyKind.RELEASED,
    MoneyKind.RECOVERED,
)
SUMS = (*map(str, WATERFALL), "returned", "balance", "cash_balance")


class Open(Labelled):
    """Why an amount is still open. Only `written_off` stays on a closed project: nobody expects that money any more."""

    NOT_APPROVED = "not_approved", "Đã đề nghị, chưa được phê duyệt"
    NOT_SETTLED = "not_settled", "Đã phê duyệt, chưa quyết toán"
    CASH_NOT_SETTLED = "cash_not_settled", "Đã chi, chưa quyết toán"
    TO_PAY = "to_pay", "Đã nghiệm thu, còn phải thanh toán"
    TO_RECOVER = "to_recover", "Đã chi quá số được hưởng, còn phải thu hồi"
    WRITTEN_OFF = "written_off", "Đã xóa nợ theo quyết định, không còn thu"
    UNBALANCED = "unbalanced", "Đã kết thúc nhưng hai vế lệch nhau (dean reconcile)"


def project_waterfall(session: Session, code: str, *, as_of: date, reader: Person | None = None) -> dict[str, Any]:
    """The money of one project with its entries, days, acceptances and recovery; `as_of` says what is overdue.

    Raises Refused for a project that the reader may not see.
    """
    where = Where()
    project_id = project_id_of(session, code, reader)
    where.add("p.id = :project", project=project_id)
    answer = _waterfall(session, where, {"kind": "project", "project": code})
    [project] = answer["projects"]
    del answer["contents"]
    answer["scope"] |= {name: project[name] for name in ("name", "route", "plan_year", "stage", "stage_label")}
    answer["scope"]["contract"] = _contract_of(session, project_id)
    return answer | money_days(session, project_id, as_of=as_of)


def contract_waterfall(
    session: Session,
    number: str,
    *,
    signed_in: int | None = None,
    with_projects: bool = True,
    reader: Person | None = None,
) -> dict[str, Any]:
    """The money of the projects under one contract.

    Raises Refused for an unknown number, for one that several years share and `signed_in` does not tell apart, and
    where the reader may see none of the projects.
    """
    contract = contract_of(session, number, signed_in)
    contract |= {"signed_on": contract["signed_on"].isoformat(), "authority": str(contract["authority"])}
    where = readable_by(reader)
    where.add("p.contract_id = :contract", contract=contract.pop("id"))
    # The lines name every project of the contract; the reader gets those in the own scope, below.
    del contract["unit_id"], contract["lines"], contract["projects"]
    answer = _waterfall(session, where, {"kind": "contract", "contract": contract}, reader, with_projects)
    if answer["scope"]["limited_to"] and not answer["scope"]["projects"]:
        within = answer["scope"]["limited_to"]
        raise Refused(f"Không có hợp đồng số «{number}» trong phạm vi xem của {within}; hãy kiểm tra số.")
    return answer


def waterfall_under(session: Session, contract_id: int, *, reader: Person | None = None) -> dict[str, Any]:
    """The money of the projects under one contract, by its id, as far as the reader sees them."""
    where = readable_by(reader)
    where.add("p.contract_id = :contract", contract=contract_id)
    return _waterfall(session, where, {"kind": "contract"}, reader)


def year_waterfall(
    session: Session,
    year: int,
    *,
    route: Route | None = None,
    with_projects: bool = True,
    reader: Person | None = None,
) -> dict[str, Any]:
    """The money of a plan year, of one route or both. A project carried on keeps its original plan year."""
    where = readable_by(reader)
    where.add("p.plan_year = :year AND p.stage <> 'draft'", year=year)
    if route is not None:
        where.add("p.route = :route", route=str(route))
    scope = {"kind": "year", "year": year, "route": route and str(route)}
    return _waterfall(session, where, scope, reader, with_projects)


def programme_waterfall(
    session: Session, code: str, *, with_projects: bool = True, reader: Person | None = None
) -> dict[str, Any]:
    """The money of a programme. Raises Refused for an unknown code."""
    where = readable_by(reader)
    where.add("p.programme_id = :programme AND p.stage <> 'draft'", programme=id_of(session, "programme", code))
    return _waterfall(session, where, {"kind": "programme", "programme": code}, reader, with_projects)


# --- the sums -----------------------------------------------------------------------------------------


def _waterfall(
    session: Session, where: Where, scope: dict[str, Any], reader: Person | None = None, with_projects: bool = True
) -> dict[str, Any]:
    """Add up what the conditions leave; `limited_to` names a reader whose scope leaves out some of the register."""
    limited_to = reader.name if reader is not None and readable_by(reader).conditions else None
    contents = _contents(where.rows(session, _BY_CONTENT))
    sources = {source: added(content["sources"][source] for content in contents) for source in map(str, Source)}
    counts = where.rows(session, _CLOSED)[0]
    return {
        "scope": scope
        | {"projects": counts["projects"], "closed_projects": counts["closed"]}
        | {"limited_to": limited_to},
        "sources": sources,
        "total": totals(sources),
        "open": _open(where.rows(session, _OPEN)),
        "closed": counts["projects"] == counts["closed"],
        "contents": contents,
        "projects": _projects(where.rows(session, _EACH)) if with_projects else [],
    }


def added(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Add up sums of the same kinds."""
    total = dict.fromkeys(SUMS, 0)
    for part in parts:
        for name in SUMS:
            total[name] += part[name]
    return total


def totals(sources: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    """The two state funds together, and everything."""
    state = [sums for source, sums in sources.items() if source != Source.COUNTERPART]
    return {"state": added(state), "all": added(sources.values())}


def _sums(row: Mapping[str, Any]) -> dict[str, int]:
    return {name: row["recovered" if name == "returned" else name] for name in SUMS}


def _by_source(rows: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    return {str(source): added(()) for source in Source} | {row["source"]: _sums(row) for row in rows}


def _contents(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    groups: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault((row["programme"], row["content_no"], row["content"]), []).append(row)
    return [
        {"programme": programme, "no": number, "name": name, "sources": sources, "total": totals(sources)}
        for (programme, number, name), group in groups.items()
        for sources in [_by_source(group)]
    ]


def _projects(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["code"], []).append(row)
    return [_project(group) for group in groups.values()]


def _project(rows: list[Mapping[str, Any]]) -> dict[str, Any]:
    first, by_source = rows[0], {row["source"]: row for row in rows}
    stage, route = Stage(first["stage"]), Route(first["route"])
    found = [(kind, by_source[source]) for kind in Open for source in Source if by_source.get(source, {}).get(kind)]
    return {
        **{name: first[name] for name in ("code", "name", "route", "plan_year", "stage")},
        "stage_label": stage_label(stage, route),
        "old_record": first["vouched_by"] is not None,
        "sources": {str(source): _sums(by_source[source]) for source in Source if source in by_source},
        "open": [{"kind": str(kind), "source": row["source"], "amount": row[kind]} for kind, row in found],
        "closed": all(row["closed"] for row in rows),
    }


def _open(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What is open by reason and source, with the number of projects behind each amount."""
    by_source = {row["source"]: row for row in rows}
    return [
        {
            "kind": str(kind),
            "label": kind.label,
            "source": str(source),
            "source_label": source.label,
            "amount": by_source[source][kind],
            "projects": by_source[source][f"{kind}_projects"],
        }
        for kind in Open
        for source in Source
        if source in by_source and by_source[source][f"{kind}_projects"]
    ]


def _among(*stages: Stage) -> str:
    return "stage IN (" + ", ".join(f"'{stage}'" for stage in sorted(stages)) + ")"


_AFTER_WORK = _among(Stage.ACCEPTED, Stage.SETTLING)
_STOPPED = _among(Stage.STOPPED, Stage.RECOVERING)
_KEPT_CASH = _among(Stage.SETTLED, Stage.RECOVERED)
_OPEN_STAGES = RUNNING | {Stage.ACCEPTED, Stage.SETTLING}
_CLOSING = f"({_among(*ENDS)} AND balance = 0 AND (cash_balance = 0 OR stage = '{Stage.WRITTEN_OFF}'))"
#: How much of a row is open for each reason. The cash of a project is either not settled yet or to come back.
_REASONS: Mapping[Open, str] = {
    Open.NOT_APPROVED: f"CASE WHEN NOT {_among(*BEFORE_APPROVAL)} THEN 0"
    " WHEN appraised > 0 THEN appraised ELSE asked END",
    Open.NOT_SETTLED: f"CASE WHEN {_among(*_OPEN_STAGES)} THEN balance ELSE 0 END",
    Open.CASH_NOT_SETTLED: f"CASE WHEN {_AFTER_WORK} AND cash_balance > accepted THEN accepted"
    f" WHEN {_among(*_OPEN_STAGES)} THEN cash_balance ELSE 0 END",
    Open.TO_PAY: f"CASE WHEN source = '{Source.COUNTERPART}' THEN 0"
    f" WHEN {_AFTER_WORK} AND accepted > cash_balance THEN accepted - cash_balance"
    f" WHEN {_STOPPED} AND cash_balance < 0 THEN -cash_balance ELSE 0 END",
    Open.TO_RECOVER: f"CASE WHEN {_AFTER_WORK} AND cash_balance > accepted THEN cash_balance - accepted"
    f" WHEN {_STOPPED} AND cash_balance > 0 THEN cash_balance ELSE 0 END",
    Open.WRITTEN_OFF: f"CASE WHEN stage = '{Stage.WRITTEN_OFF}' THEN cash_balance ELSE 0 END",
    Open.UNBALANCED: f"CASE WHEN {_among(*ENDS, Stage.RECOVERING)} AND balance <> 0 THEN balance"
    f" WHEN {_KEPT_CASH} THEN cash_balance ELSE 0 END",
}
_ROWS = f"""
    SELECT p.id, p.code, p.name, p.route, p.stage, p.programme_id, p.content_no, p.plan_year, p.serial,
           p.vouched_by, f.source,
           {", ".join(f"f.{kind}" for kind in WATERFALL)},
           f.approved + f.adjusted - f.settled - f.released AS balance,
           f.prepaid + f.paid - f.settled - f.recovered AS cash_balance
    FROM project AS p JOIN funding AS f ON f.project_id = p.id WHERE {{where}}"""
_JUDGED = f"""
    SELECT r.*, {", ".join(f"{sql} AS {kind}" for kind, sql in _REASONS.items())},
           CASE WHEN {_CLOSING} THEN 1 ELSE 0 END AS closed
    FROM ({_ROWS}) AS r"""
_EACH = f"SELECT * FROM ({_JUDGED}) AS j ORDER BY programme_id, plan_year, serial, source"


def _summed(names: Iterable[str]) -> str:
    # PostgreSQL adds integers up to a decimal.
    return ", ".join(f"CAST(sum({name}) AS BIGINT) AS {name}" for name in names)


_BY_CONTENT = f"""
    SELECT g.code AS programme, r.content_no, c.name AS content, r.source,
           {_summed(name for name in SUMS if name != "returned")}
    FROM ({_ROWS}) AS r JOIN programme AS g ON g.id = r.programme_id
    JOIN content AS c ON c.programme_id = r.programme_id AND c.no = r.content_no
    GROUP BY g.start_year, g.code, r.content_no, c.name, r.source ORDER BY g.start_year, g.code, r.content_no"""
_BEHIND = ", ".join(f"sum(CASE WHEN {kind} <> 0 THEN 1 ELSE 0 END) AS {kind}_projects" for kind in Open)
_OPEN = f"""
    SELECT source, {_summed(Open)}, {_BEHIND}
    FROM ({_JUDGED}) AS j GROUP BY source"""
_CLOSED = f"""
    SELECT count(*) AS projects, coalesce(sum(closed), 0) AS closed
    FROM (SELECT min(closed) AS closed FROM ({_JUDGED}) AS j GROUP BY id) AS each_project"""


def _contract_of(session: Session, project_id: int) -> dict[str, Any] | None:
    where = Where()
    where.add("c.id = (SELECT contract_id FROM project WHERE id = :project)", project=project_id)
    found = where.rows(session, "SELECT c.number, c.signed_on, c.signer, c.total FROM contract AS c WHERE {where}")
    return found[0] if found else None
