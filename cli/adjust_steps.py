"""The commands that record what becomes of an adjustment: request, confirm, approve, refuse."""

from typing import TYPE_CHECKING, Any

import click

from cli.cash import tell_cash
from cli.door import open_desk
from cli.lazy import Command
from cli.options import authority, fund_amounts, override, project_code
from cli.step import by_source, command_of, paper_form, read_facts, take, take_step, tell
from cli.typed import CHANGE, line, once_each
from cli.written import target_option, written_options
from states.actions import Action
from states.facts import Asked
from states.vocabulary import Change

if TYPE_CHECKING:
    from cli.door import Desk


@click.command(cls=Command)
@project_code
@click.option(
    "--kind",
    "kinds",
    metavar="LOẠI",
    multiple=True,
    type=CHANGE,
    help=f"Loại điều chỉnh, ghi nhiều lần được; phần lớn tự suy ra từ giá trị mới: {', '.join(Change)}.",
)
@fund_amounts
@target_option("Số lượng mới của một chỉ tiêu, ví dụ T2_2=2; ghi nhiều lần được.")
@click.option("--activity", metavar="MÃ", type=line("Hoạt động"), help="Hoạt động mới, ví dụ machinery.")
@written_options
@paper_form
def request(
    code: str,
    kinds: tuple[Change, ...],
    amounts: tuple[Any, ...],
    targets: tuple[tuple[str, int], ...],
    place: str | None,
    beneficiaries: tuple[int, ...],
    by: str | None,
    papers: tuple[str, ...],
    as_json: bool,
    **typed: Any,
) -> None:
    """Ghi đề nghị điều chỉnh: giá trị mới và lý do.

    Chỉ ghi những gì muốn đổi; --amount là mức được duyệt mới, --beneficiary là toàn bộ danh sách mới. Giá trị cũ
    được giữ cạnh giá trị mới, và chỉ đổi khi có quyết định. --kind carry_to_next_year là chuyển sang năm sau.
    """
    from models.codes import id_of

    columns = {name: typed.pop(name) for name in _COLUMNS}
    with open_desk() as desk:
        facts = read_facts(desk, code)
        with desk.store.read() as session:
            columns["place_id"] = id_of(session, "place", place)
        asked = Asked(
            kinds=frozenset(kinds),
            amounts=by_source(facts, amounts),
            targets=once_each(targets, "--target"),
            columns={name: value for name, value in columns.items() if value is not None},
            beneficiaries=beneficiaries or None,
            next_year=Change.CARRY_TO_NEXT_YEAR in kinds,
        )
        taken = take(desk, facts, Action.REQUEST_ADJUSTMENT, by, papers, asked=asked, **typed)
        found = _recorded(desk, code)
    told = f"Cơ quan quyết định: {found['authority_label']} ({found['basis']})."
    then = f"Tiếp theo, Sở xác nhận: {command_of(Action.CONFIRM_ADJUSTMENT, code)} --number … --signer …"
    tell(taken, as_json, told, then, request=found)


#: The columns of a project that a request may change, beside the place, whose code is looked up.
_COLUMNS = ("activity", "equipment", "partner", "objectives", "scope", "starts_on", "ends_on", "total_cost")


def _recorded(desk: "Desk", code: str) -> dict[str, Any]:
    """The request as it stands now: a project has at most one that is open."""
    from models.queries.adjustments import adjustments

    with desk.store.read() as session:
        [found] = adjustments(session, code=code, only_open=True)
    return found


@click.command(cls=Command)
@project_code
@paper_form
def confirm(code: str, by: str | None, papers: tuple[str, ...], as_json: bool, **typed: Any) -> None:
    """Ghi văn bản của Sở xác nhận đề nghị.

    Chưa có xác nhận thì chưa ghi được quyết định đồng ý. Căn cứ: TT 36/2013/TT-BCT Điều 11.
    """
    tell_cash(take_step(code, Action.CONFIRM_ADJUSTMENT, by, papers, **typed), as_json)


@click.command(cls=Command)
@project_code
@authority
@fund_amounts
@override
@paper_form
def approve(code: str, by: str | None, papers: tuple[str, ...], as_json: bool, **typed: Any) -> None:
    """Ghi quyết định đồng ý điều chỉnh.

    Cơ quan quyết định theo tuyến và nội dung (dean adjust authority). Số tiền chỉ ghi khi quyết định khác đề nghị.
    """
    tell_cash(take_step(code, Action.APPROVE_ADJUSTMENT, by, papers, **typed), as_json)


@click.command(cls=Command)
@project_code
@authority
@paper_form
def refuse(code: str, by: str | None, papers: tuple[str, ...], as_json: bool, **typed: Any) -> None:
    """Ghi việc không đồng ý điều chỉnh.

    Đề nghị chưa xác nhận thì Sở từ chối (--authority department); đã xác nhận thì cấp quyết định từ chối.
    """
    tell_cash(take_step(code, Action.REFUSE_ADJUSTMENT, by, papers, **typed), as_json)
