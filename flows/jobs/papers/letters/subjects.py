"""What a paper is about: one project, the list of a year and route, a decision, or a contract."""

import re
from dataclasses import dataclass, replace
from typing import Any

from flows.jobs.papers.letters.projects import Member, member
from flows.jobs.papers.tables.frame import Occasion
from models.contracts import contract_of
from models.loading import load_project
from models.queries.cleared import cleared, lines_to_approve, plans_in_way
from models.queries.contract_sheets import refuse_hidden_contract
from models.queries.decided import decision_list, decision_sheet
from models.queries.letterheads import contract_under
from models.status import programme_heads
from states.reading import read_code
from states.refusal import Refused
from states.vocabulary import Route, Source

_LIST = re.compile(r"(\d{4})/(local|national)")


@dataclass(frozen=True, slots=True)
class Subject:
    """The projects of a paper, of one route and year, with the contract or decision that they stand under."""

    name: str
    members: tuple[Member, ...]
    route: Route
    year: int
    programme: dict[str, Any]
    is_list: bool = False
    contract: dict[str, Any] | None = None
    decision: dict[str, Any] | None = None

    @property
    def kind(self) -> str:
        """What was named: `project`, `list`, `decision` or `contract`."""
        if not self.is_list:
            return "project"
        return "decision" if self.decision else "contract" if self.contract else "list"

    @property
    def one(self) -> Member:
        """The project of a paper about one. Raises Refused for a list."""
        if self.is_list or len(self.members) != 1:
            raise Refused(f"Văn bản này soạn cho từng đề án; «{self.name}» là danh mục, hãy ghi mã của một đề án.")
        return self.members[0]


def named(occasion: Occasion, typed: str, signed_in: int | None = None) -> Subject:
    """Find what is meant: the code of a project, `2026/local`, or the number of a contract or a decision.

    `signed_in` is the year that tells contracts or decisions of one number apart. Raises Refused for what is not
    there or hidden.
    """
    wanted = " ".join(typed.split())
    if found := _LIST.fullmatch(wanted):
        return of_list(occasion, int(found[1]), Route(found[2]))
    if wanted.lower().startswith("kc") and "/" not in wanted:
        return of_project(occasion, read_code(wanted))
    same = [row for row in decision_list(occasion.session, year=signed_in, words=wanted) if row["number"] == wanted]
    if len(same) > 1:
        years = ", ".join(row["decided_on"][:4] for row in same)
        raise Refused(f"Có {len(same)} quyết định số «{wanted}» (năm {years}); hãy ghi thêm --year.")
    if same:
        return of_decision(occasion, same[0]["id"])
    return of_contract(occasion, contract_of(occasion.session, wanted, signed_in)["id"])


def of_project(occasion: Occasion, code: str) -> Subject:
    """One project, with the contract that it stands under."""
    one = member(occasion.session, code, occasion.reader)
    contract_id = load_project(occasion.session, code).contract_id
    found = _about(occasion, code, (one,))
    if contract_id is None:
        return found
    return replace(found, contract=contract_under(occasion.session, contract_id=contract_id))


def of_list(occasion: Occasion, year: int, route: Route) -> Subject:
    """What waits for its approval: the lines of the plan that was sent up, else every cleared project of the year."""
    session, reader = occasion.session, occasion.reader
    plan = next((plan for plan in plans_in_way(session, route) if plan["year"] == year), None)
    rows = lines_to_approve(session, reader, plan) if plan else cleared(session, reader, route=route, year=year)
    if not rows:
        raise Refused(
            f"Năm {year} chưa có đề án {_small(route)} nào đạt thẩm định, chờ phê duyệt; hãy ghi kết quả thẩm định của "
            "các đề án trước, rồi soạn danh mục."
        )
    members = tuple(member(session, row["code"], reader).granting(row["granted"], row["counterpart"]) for row in rows)
    return replace(_about(occasion, f"{year}/{route}", members), is_list=True)


def of_decision(occasion: Occasion, decision_id: int) -> Subject:
    """What a decision on record grants, line by line; lines that were taken back grant nothing."""
    sheet = decision_sheet(occasion.session, decision_id, reader=occasion.reader)
    lines = [line for line in sheet["lines"] if sum(line["money"].values())]
    if not lines:
        raise Refused(f"Quyết định {sheet['number']} không còn dòng nào trong phạm vi xem; hãy xem lại quyết định.")
    members = tuple(_granted(occasion, line) for line in lines)
    return replace(_about(occasion, sheet["number"], members), is_list=True, decision=sheet)


def _granted(occasion: Occasion, line: dict[str, Any]) -> Member:
    one = member(occasion.session, line["code"], occasion.reader)
    fund = sum(amount for source, amount in line["money"].items() if source != Source.COUNTERPART)
    return one.granting(fund, line["money"].get(Source.COUNTERPART, 0))


def of_contract(occasion: Occasion, contract_id: int) -> Subject:
    """The projects under a contract with what it holds for each. A reader with a scope must see all of them."""
    if occasion.reader is not None:
        refuse_hidden_contract(occasion.session, contract_id, occasion.reader)
    contract = contract_under(occasion.session, contract_id=contract_id)
    if not contract["codes"]:
        raise Refused(f"Hợp đồng {contract['number']} không còn đề án nào; hãy ký lại hợp đồng trước khi soạn văn bản.")
    members = tuple(member(occasion.session, code, occasion.reader) for code in contract["codes"])
    signed = tuple(one.granting(one.amounts["contracted"]) for one in members)
    return replace(_about(occasion, contract["number"], signed), is_list=True, contract=contract)


def _about(occasion: Occasion, name: str, members: tuple[Member, ...]) -> Subject:
    sheet, facts = members[0].sheet, members[0].facts
    heads = {head["code"]: head for head in programme_heads(occasion.session)}
    return Subject(name, members, facts.route, facts.plan_year, heads[sheet["programme"]["code"]])


def _small(route: Route) -> str:
    return route.label[0].lower() + route.label[1:]
