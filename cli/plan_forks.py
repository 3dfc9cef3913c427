"""The commands that try something out beside a plan: fork and compare."""

from collections.abc import Mapping
from typing import Any

import click

from cli.door import DOOR, notice, open_desk, os_user
from cli.lazy import Command
from cli.options import as_json, by_reader, by_writer, note
from cli.output import Column, print_heading, print_json, print_table, trieu
from cli.plan_options import one_plan, programme_of, route_words, tell
from cli.plan_text import print_figures
from cli.step import on_state_funds
from cli.typed import CODE, PROJECT_AMOUNT, line, once_each, pair
from states.folding import quoted
from states.reading import read_amount, read_code
from states.refusal import Refused
from states.vocabulary import Route, Source


def _months(typed: str) -> int:
    digits = typed.strip().lstrip("+-")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 2:
        raise Refused(f"Số tháng {quoted(typed)} không hợp lệ; hãy gõ ví dụ +3 (lùi 3 tháng) hoặc -1 (sớm 1 tháng).")
    return -int(digits) if typed.strip().startswith("-") else int(digits)


@click.command(cls=Command)
@one_plan
@click.option(
    "--name", metavar="TÊN", type=line("Tên phương án"), help="Phương án; bỏ trống thì liệt kê các phương án."
)
@click.option("--from", "copy_of", metavar="TÊN", type=line("Tên phương án"), help="Lập từ phương án này.")
@click.option("--add", metavar="MÃ[=TIỀN]", multiple=True, type=PROJECT_AMOUNT, help="Thêm đề án; nhiều lần được.")
@click.option("--drop", metavar="MÃ", multiple=True, type=CODE, help="Bỏ đề án; nhiều lần được.")
@click.option(
    "--money",
    metavar="MÃ=TIỀN",
    multiple=True,
    type=pair("Đề án", "mã=số tiền", read_code, read_amount),
    help="Thử số hỗ trợ khác; nhiều lần được.",
)
@click.option(
    "--counterpart",
    metavar="MÃ=TIỀN",
    multiple=True,
    type=pair("Đề án", "mã=số tiền", read_code, read_amount),
    help="Thử số đối ứng khác; nhiều lần được.",
)
@click.option(
    "--shift",
    metavar="MÃ=±THÁNG",
    multiple=True,
    type=pair("Đề án", "mã=±tháng", read_code, _months),
    help="Dời thời gian thực hiện, ví dụ KC-VL-2026-007=+3; nhiều lần được.",
)
@click.option("--propose", is_flag=True, help="Lấy phương án này làm dự thảo kế hoạch để trình.")
@click.option("--discard", is_flag=True, help="Bỏ phương án; vẫn xem lại được.")
@note
@by_writer
@as_json
def fork(
    year: int,
    route: Route,
    programme: str | None,
    name: str | None,
    by: str | None,
    as_json: bool,
    **typed: Any,
) -> None:
    """Thử phương án: thêm, bỏ, dời đề án và tiền; lấy một phương án làm dự thảo.

    Kế hoạch không đổi cho đến khi ghi --propose. Phương án chưa có thì được lập; có rồi thì được sửa, hoặc chỉ xem
    khi không ghi thay đổi nào.
    """
    if name is None:
        if any(typed.values()):
            raise Refused("Hãy ghi tên phương án (--name TÊN).")
        _list(year, route, programme, as_json)
        return
    if typed["propose"] and typed["discard"]:
        raise Refused("--propose và --discard không đi với nhau; hãy giữ một.")
    with open_desk() as desk:
        code, known = _known(desk, year, route, programme, name)
        if (typed["propose"] or typed["discard"]) and any(
            v for k, v in typed.items() if k not in ("propose", "discard")
        ):
            raise Refused("Sửa phương án và kết thúc phương án là hai lần ghi; hãy sửa trước.")
        if known and not any(typed.values()):
            _show(desk, code, year, route, name, by, as_json)
            return
        if known and typed["copy_of"]:
            raise Refused(f"Đã có phương án {quoted(name)}; hãy bỏ --from hoặc chọn tên khác.")
        with desk.writing(by) as writing:
            taken = _write(desk, writing, (code, year, route, name), known, typed)
        if taken is not None:
            tell(taken, year, as_json)
            return
        _show(desk, code, year, route, name, by, as_json)


def _known(desk: Any, year: int, route: Route, programme: str | None, name: str) -> tuple[str, bool]:
    """The programme, and whether the plan has a fork of that name."""
    from models.plan.forks import fork_list
    from models.plan.standing import load_plan
    from states.folding import fold

    with desk.reading() as view:
        code = programme_of(view.session, year, programme)
        plan = load_plan(view.session, code, year, route, lock=False)
        return code, any(fold(found["name"]) == fold(name) for found in fork_list(view.session, plan))


def _write(desk: Any, writing: Any, which: tuple[str, int, Route, str], known: bool, typed: Mapping[str, Any]) -> Any:
    from models.plan import forks
    from models.plan.steps import Door

    session, door = writing.session, Door(writing.person, desk.at, DOOR, os_user())
    if typed["propose"]:
        return forks.propose_fork(session, *which, door=door)
    if typed["discard"]:
        forks.drop_fork(session, *which, door=door)
        return None
    changes = _changes(session, typed)
    if known:
        forks.change_fork(session, *which, changes, door=door)
    else:
        words = typed["note"] or ""
        forks.open_fork(session, *which, door=door, copy_of=typed["copy_of"], changes=changes, note=words)
    return None


def _changes(session: Any, typed: Mapping[str, Any]) -> Any:
    from models.plan.forks import Changes

    add = on_state_funds(session, once_each(typed["add"], "--add")) if typed["add"] else {}
    money: dict[str, dict[Source, int]] = {}
    if typed["money"]:
        money = on_state_funds(session, once_each(typed["money"], "--money"))
    for code, amount in once_each(typed["counterpart"], "--counterpart").items():
        money.setdefault(code, {})[Source.COUNTERPART] = amount
    # Money typed for a project that is added by the same command belongs to the adding.
    for code in [code for code in money if code in add]:
        add[code] = add[code] | money.pop(code)
    shift = once_each(typed["shift"], "--shift")
    return Changes(add=add, drop=typed["drop"], money=money, shift=shift, why=typed["note"] or "")


def _list(year: int, route: Route, programme: str | None, as_json: bool) -> None:
    from models.plan.forks import fork_list
    from models.plan.standing import load_plan

    with open_desk() as desk, desk.reading() as view:
        code = programme_of(view.session, year, programme)
        rows = fork_list(view.session, load_plan(view.session, code, year, route, lock=False))
    if as_json:
        print_json(rows)
    elif not rows:
        notice(
            f"Kế hoạch năm {year} chưa có phương án nào; hãy lập (dean plan fork {year} --route {route} --name TÊN)."
        )
    else:
        columns = [Column("Phương án", flexible=True), Column("Trạng thái"), Column("Đề án", right=True)]
        columns += [Column("Hỗ trợ (triệu)", right=True), Column("Ghi chú", flexible=True)]
        told = ("name", "status_label", "lines")
        print_table(columns, [[*(row[n] for n in told), trieu(row["support"]), row["note"]] for row in rows])


def _show(desk: Any, code: str, year: int, route: Route, name: str, by: str | None, as_json: bool) -> None:
    from models.plan.comparing import fork_view

    with desk.reading(by) as view:
        found = fork_view(view.session, code, year, route, name, reader=view.reader)
    if as_json:
        print_json(found)
        return
    click.echo(
        f"Phương án {quoted(found['name'])} («{found['status_label']}»), kế hoạch năm {year}, {route_words(route)}"
    )
    if found["note"]:
        click.echo(found["note"])
    print_figures(found)
    _print_load(found["load"])
    for sentence in found["warnings"]:
        click.echo(f"  Lưu ý: {sentence}")


def _print_load(load: Mapping[str, Mapping[str, int]]) -> None:
    print_heading("Việc đến hạn theo tháng (dự kiến)")
    columns = [Column("Tháng"), Column("Việc", right=True), Column("Gồm", flexible=True)]
    print_table(
        columns,
        [
            [_month(month), sum(kinds.values()), "; ".join(f"{label} {n}" for label, n in kinds.items())]
            for month, kinds in load.items()
        ],
    )


def _month(code: str) -> str:
    year, month = code.split("-")
    return f"{month}/{year}"


# --- side by side -------------------------------------------------------------------------------------


@click.command(cls=Command)
@one_plan
@click.argument("left", metavar="PHƯƠNG ÁN", type=line("Tên phương án"), help="Phương án thứ nhất.")
@click.argument(
    "right",
    metavar="[PHƯƠNG ÁN]",
    required=False,
    type=line("Tên phương án"),
    help="Phương án thứ hai; bỏ trống là chính kế hoạch.",
)
@by_reader
@as_json
def compare(
    year: int, route: Route, programme: str | None, left: str, right: str | None, by: str | None, as_json: bool
) -> None:
    """So sánh hai phương án: tiền, chỉ tiêu, việc đến hạn theo tháng.

    Một tên thì so với chính kế hoạch: kế hoạch ở cột trước, phương án ở cột sau.
    """
    from models.plan.comparing import compare as compare_

    one, other = (None, left) if right is None else (left, right)
    with open_desk() as desk, desk.reading(by) as view:
        code = programme_of(view.session, year, programme)
        found = compare_(view.session, code, year, route, one, other, reader=view.reader)
    if as_json:
        print_json(found)
    else:
        _print_compared(found)


def _print_compared(found: Mapping[str, Any]) -> None:
    names = [found[side]["name"] for side in ("left", "right")]
    click.echo(f"Kế hoạch năm {found['year']}, {route_words(found['route'])}: {quoted(names[0])} và {quoted(names[1])}")
    heads = [Column(name.capitalize(), right=True) for name in names] + [Column("Chênh lệch", right=True)]
    print_heading("Đề án khác nhau (hỗ trợ, triệu đồng)")
    columns = [
        Column("Mã"),
        Column("Tên", flexible=True),
        *heads,
        Column("Dời", right=True),
        Column("Lý do", flexible=True),
    ]
    print_table(columns, [_project(row) for row in found["projects"]])
    print_heading("Tiền (triệu đồng)")
    print_table([Column("Nguồn"), *heads], [[row["label"], *_sides(row, trieu)] for row in found["money"]])
    if found["contents"]:
        print_heading("Kinh phí chương trình còn lại (triệu đồng)")
        columns = [Column("ND", right=True), Column("Nguồn"), *heads]
        rows = [[r["content"], Source(r["source"]).label, *_sides(r["remaining"], trieu)] for r in found["contents"]]
        print_table(columns, rows)
    print_heading("Chỉ tiêu còn thiếu")
    columns = [Column("Mã"), Column("Chỉ tiêu", flexible=True), Column("ĐVT"), *heads]
    told = ("code", "name", "unit")
    targets = [row for row in found["targets"] if row["missing"] is not None]
    print_table(columns, [[*(row[n] for n in told), *_sides(row["missing"], str)] for row in targets])
    print_heading("Việc đến hạn theo tháng (dự kiến)")
    print_table([Column("Tháng"), *heads], [[_month(row["month"]), *_sides(row, str)] for row in found["load"]])
    for side in ("left", "right"):
        for sentence in found[side]["warnings"]:
            click.echo(f"  {found[side]['name']}: {sentence}")


def _project(row: Mapping[str, Any]) -> list[Any]:
    inside = [row["in_left"], row["in_right"]]
    sides = [trieu(row["support"][side]) if held else "–" for side, held in zip(("left", "right"), inside, strict=True)]
    months = row["months"]["change"]
    return [
        row["code"],
        row["name"],
        *sides,
        _signed(row["support"]["change"], trieu),
        f"{months:+}" if months else "",
        row["why"],
    ]


def _sides(row: Mapping[str, int], written: Any) -> list[str]:
    return [written(row["left"]), written(row["right"]), _signed(row["change"], written)]


def _signed(change: int, written: Any) -> str:
    return f"+{written(change)}" if change > 0 else str(written(change)) if change else ""
