"""`dean adjustment`: who decides a change of an approved project."""

import click

from cli.calendar import warn
from cli.lazy import Group
from cli.options import as_json
from cli.output import print_fields, print_json
from cli.typed import ROUTE, Member
from states.adjustments import Change, adjustment_authority
from states.vocabulary import Route

_CHANGE = Member("loại điều chỉnh", Change)


@click.group(cls=Group)
def adjustment() -> None:
    """Điều chỉnh đề án đã phê duyệt."""


@adjustment.command()
@click.option("--route", metavar="TUYẾN", required=True, type=ROUTE, help="Tuyến: local hoặc national.")
@click.option(
    "--kind",
    "kinds",
    metavar="LOẠI",
    required=True,
    multiple=True,
    type=_CHANGE,
    help=f"Nội dung điều chỉnh, ghi nhiều lần được: {', '.join(Change)}.",
)
@as_json
def authority(route: Route, kinds: tuple[Change, ...], as_json: bool) -> None:
    """Cho biết cơ quan nào quyết định một đề nghị điều chỉnh.

    Nhiều nội dung trong một đề nghị thì cơ quan cao nhất quyết định tất cả.
    """
    found = adjustment_authority(route, kinds)
    if as_json:
        print_json(
            {
                "authority": found.authority,
                "authority_label": found.authority.label,
                "basis": found.basis,
                "verified": found.verified,
                "warnings": list(found.warnings),
                "route": route,
                "kinds": list(dict.fromkeys(kinds)),
            }
        )
        return
    changes = "; ".join(kind.label for kind in dict.fromkeys(kinds))
    print_fields(
        (
            ("Nội dung", changes),
            ("Tuyến", route.label),
            ("Cơ quan quyết định", f"{found.authority.label} ({found.authority})"),
            ("Căn cứ", found.basis if found.verified else f"{found.basis} (chưa kiểm chứng)"),
        )
    )
    warn(found.warnings)
