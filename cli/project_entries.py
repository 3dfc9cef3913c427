"""The commands that write what a project says: add, edit, copy, attach."""

import json
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cli.door import open_desk
from cli.lazy import Command
from cli.options import as_json, by_writer, note, project_code
from cli.output import print_json
from cli.papers import paper_option, read_papers, record
from cli.typed import (
    AMOUNT,
    CONTENT,
    KIND,
    QUANTITY,
    ROUTE,
    SOURCE_AMOUNT,
    YEAR,
    line,
    once_each,
)
from cli.written import target_option, written_options
from states.refusal import Refused
from states.vocabulary import Role
from states.words import format_date

if TYPE_CHECKING:
    from cli.door import Writing

Function = TypeVar("Function", bound=Callable[..., Any])

#: What only a dossier says, the same for a new one and for one that is edited.
_FORECAST = (
    click.option("--kind", metavar="LOẠI", type=KIND, help="Loại: ordinary (thường), group (nhóm) hoặc model (điểm)."),
    click.option("--expected-jobs", metavar="SỐ", type=QUANTITY, help="Số lao động dự kiến."),
    click.option("--expected-revenue", metavar="TIỀN", type=AMOUNT, help="Doanh thu dự kiến một năm."),
    click.option("--expected-effect", metavar="CHỮ", type=line("Hiệu quả"), help="Hiệu quả dự kiến."),
    click.option(
        "--priority",
        "priorities",
        metavar="CHỮ",
        type=line("Tiêu chí ưu tiên"),
        multiple=True,
        help="Tiêu chí ưu tiên; ghi nhiều lần được.",
    ),
)


def _forecast(function: Function) -> Function:
    for option in reversed(_FORECAST):
        function = option(function)
    return function


@click.command(cls=Command)
@click.option("--name", metavar="TÊN", required=True, type=line("Tên đề án"), help="Tên đề án.")
@click.option(
    "--route", metavar="TUYẾN", required=True, type=ROUTE, help="local (địa phương) hoặc national (quốc gia)."
)
@click.option("--year", "plan_year", metavar="NĂM", required=True, type=YEAR, help="Năm kế hoạch.")
@click.option("--content", metavar="SỐ", required=True, type=CONTENT, help="Nội dung của chương trình.")
@click.option("--activity", metavar="MÃ", required=True, type=line("Hoạt động"), help="Hoạt động, ví dụ machinery.")
@click.option("--unit", metavar="MÃ", type=line("Mã đơn vị"), help="Đơn vị thực hiện; mặc định: của người lập.")
@click.option("--programme", metavar="MÃ", type=line("Mã chương trình"), help="Chương trình; mặc định: theo năm.")
@click.option(
    "--amount",
    "amounts",
    metavar="NGUỒN=TIỀN",
    type=SOURCE_AMOUNT,
    multiple=True,
    help="Số tiền đề nghị của một nguồn, ví dụ local_fund=300tr hoặc counterpart=350tr.",
)
@target_option("Chỉ tiêu mà đề án đóng góp, ví dụ T2_2=1 (dean programme status).")
@written_options
@_forecast
@by_writer
@as_json
def add(
    by: str | None,
    as_json: bool,
    amounts: tuple[tuple[Any, int], ...],
    targets: tuple[tuple[str, int], ...],
    unit: str | None,
    programme: str | None,
    **written: Any,
) -> None:
    """Lập một đề án (bản nháp).

    Người lập không được ghi kết quả thẩm định, phê duyệt hay nghiệm thu của chính đề án đó.
    """
    from pydantic import ValidationError

    from models.forms import ProjectForm, refuse_invalid
    from models.projects import open_project

    written |= {"amounts": once_each(amounts, "--amount"), "targets": once_each(targets, "--target")}
    with open_desk() as desk, desk.writing(by) as writing:
        written["unit"] = unit or _unit_of(writing)
        written["programme"] = programme or _programme_of(writing.session, written["plan_year"])
        try:
            form = ProjectForm.model_validate({key: value for key, value in written.items() if value is not None})
        except ValidationError as error:
            raise refuse_invalid(error, "Đề án") from error
        code = open_project(writing.session, form, by=writing.person, origin=writing.origin)
    if as_json:
        print_json({"project": code, "stage": "draft", "version": 1})
    else:
        click.echo(f"Đã lập {code}: {form.name}.")
        click.echo(f"Tiếp theo: dean why-not {code} submit")


def _unit_of(writing: "Writing") -> str:
    """The unit of a centre officer; others write for many units and name the one they mean."""
    from models.queries import person

    unit = person(writing.session, writing.person.code)["unit"]
    if unit is None or writing.person.role is not Role.CENTRE_OFFICER:
        raise Refused("Chưa rõ đề án của đơn vị nào; hãy ghi đơn vị thực hiện (--unit MÃ, dean unit list).")
    return str(unit)


def _programme_of(session: Any, year: int) -> str:
    from models.status import programmes

    codes = [row["code"] for row in programmes(session) if row["start_year"] <= year <= row["end_year"]]
    if len(codes) != 1:
        found = f"có nhiều chương trình: {', '.join(codes)}" if codes else "không thuộc chương trình nào trong sổ"
        raise Refused(f"Năm {year} {found}; hãy ghi --programme MÃ (dean programme list).")
    return str(codes[0])


@click.command(cls=Command)
@project_code
@click.option("--name", metavar="TÊN", type=line("Tên đề án"), help="Tên đề án.")
@click.option("--activity", metavar="MÃ", type=line("Hoạt động"), help="Hoạt động.")
@click.option("--content", metavar="SỐ", type=CONTENT, help="Nội dung của chương trình (chỉ ở bản nháp).")
@target_option("Chỉ tiêu mà đề án đóng góp (chỉ ở bản nháp), ví dụ T2_2=1; ghi nhiều lần được.")
@written_options
@_forecast
@note
@by_writer
def edit(
    code: str,
    by: str | None,
    note: str | None,
    place: str | None,
    content: int | None,
    targets: tuple[tuple[str, int], ...],
    priorities: tuple[str, ...],
    beneficiaries: tuple[int, ...],
    **written: Any,
) -> None:
    """Sửa nội dung một đề án.

    Khi hồ sơ còn ở đơn vị thì người lập sửa được; sau khi nộp chỉ điều phối viên sửa sai sót, kèm --note. Số tiền,
    giai đoạn và năm kế hoạch không sửa ở đây; --content và --target chỉ sửa ở bản nháp. Sau phê duyệt, đơn vị thụ
    hưởng chỉ đổi theo quyết định điều chỉnh; riêng đề án nhóm được ghi thêm trước khi ký hợp đồng. --beneficiary,
    --target và --priority thay toàn bộ danh sách cũ.
    """
    from models.codes import id_of
    from models.projects import amend

    values = {key: value for key, value in written.items() if value is not None}
    if priorities:
        values["priorities"] = json.dumps(priorities, ensure_ascii=False)
    replanned = once_each(targets, "--target")
    with open_desk() as desk, desk.writing(by) as writing:
        if place is not None:
            values["place_id"] = id_of(writing.session, "place", place)
        done = amend(
            writing.session,
            code,
            _without_same_days(writing.session, code, values),
            by=writing.person,
            origin=writing.origin,
            note=note or "",
            beneficiaries=beneficiaries or None,
            content=content,
            targets=replanned or None,
        )
    click.echo(f"Đã sửa {code}. Phiên bản {done.seq}, sự kiện {done.event_id}.")


def _without_same_days(session: Any, code: str, values: dict[str, Any]) -> dict[str, Any]:
    """Leave out days that stand already. Raises Refused when the work would end before it starts."""
    from models.queries import show_project

    sheet = show_project(session, code)
    stored = {name: date.fromisoformat(sheet[name]) for name in ("starts_on", "ends_on") if sheet[name]}
    days = stored | {name: values[name] for name in ("starts_on", "ends_on") if name in values}
    if len(days) == 2 and days["starts_on"] > days["ends_on"]:
        since, until = format_date(days["starts_on"]), format_date(days["ends_on"])
        raise Refused(f"Ngày bắt đầu {since} sau ngày kết thúc {until}; hãy kiểm tra hai ngày.")
    return {name: value for name, value in values.items() if stored.get(name) != value}


@click.command(cls=Command)
@project_code
@click.option("--year", "plan_year", metavar="NĂM", type=YEAR, help="Năm kế hoạch của bản mới; mặc định: như bản cũ.")
@by_writer
@as_json
def copy(code: str, plan_year: int | None, by: str | None, as_json: bool) -> None:
    """Sao một đề án không được duyệt thành bản nháp mới.

    Sao được đề án không đạt thẩm định, đã rút hoặc hết hạn bổ sung; giấy tờ và kết quả thẩm định không theo sang.
    """
    from models.copying import copy_project

    with open_desk() as desk, desk.writing(by) as writing:
        fresh = copy_project(writing.session, code, by=writing.person, origin=writing.origin, plan_year=plan_year)
    if as_json:
        print_json({"project": fresh, "copied_from": code, "stage": "draft", "version": 1})
    else:
        click.echo(f"Đã lập {fresh} từ {code}.")
        click.echo(f"Tiếp theo: dean why-not {fresh} submit")


@click.command(cls=Command)
@project_code
@paper_option
@by_writer
def attach(code: str, papers: tuple[str, ...], by: str | None) -> None:
    """Bổ sung tài liệu vào hồ sơ, không chuyển bước.

    Bản thứ hai của một loại giấy tờ là phiên bản sau của nó; bản cũ vẫn còn.
    """
    from models import projects

    bundle = read_papers(papers)
    with open_desk() as desk:
        done = record(
            desk,
            by,
            bundle,
            lambda writing: projects.attach(
                writing.session, code, bundle.enclosures, by=writing.person, origin=writing.origin
            ),
        )
    click.echo(f"Đã kèm {len(bundle.enclosures)} giấy tờ vào {code}. Phiên bản {done.seq}, sự kiện {done.event_id}.")
