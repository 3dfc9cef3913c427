"""`dean user`: the people who work with the register."""

from datetime import date
from typing import Any

import click

from cli.door import DOOR, Desk, open_desk, os_user
from cli.lazy import Group
from cli.options import as_json, by_writer, note
from cli.output import Column, print_fields, print_json, print_table
from cli.typed import ROLE, SHORT_CODE, Typed, line
from cli.user_access import invite, password, second_factor, sign_out
from cli.user_reminders import absence_row, away, notify, wanted_row, wanted_text
from states.contacts import read_email, read_phone
from states.refusal import Refused
from states.vocabulary import Role
from states.words import format_date

_unit = click.option("--unit", metavar="MÃ", type=line("Mã đơn vị"), help="Đơn vị (dean unit list).")
_place = click.option("--place", metavar="MÃ", type=line("Mã địa bàn"), help="Địa bàn phụ trách (dean place list).")
_email = click.option("--email", metavar="THƯ", type=Typed("liên hệ", read_email), help="Địa chỉ thư điện tử.")
_phone = click.option("--phone", metavar="SỐ", type=Typed("liên hệ", read_phone), help="Số điện thoại.")
_code = click.argument("code", metavar="MÃ", type=line("Mã người dùng"), help="Mã người dùng.")


@click.group(cls=Group)
def user() -> None:
    """Người dùng: thêm, sửa, khóa, mật khẩu; người thay, cách nhận nhắc việc."""


user.add_command(away)
user.add_command(notify)
user.add_command(invite)
user.add_command(password)
user.add_command(second_factor)
user.add_command(sign_out)


@user.command()
@click.argument("code", metavar="MÃ", type=SHORT_CODE, help="Mã mới: chữ không dấu, số, dấu chấm, gạch.")
@click.option("--name", metavar="HỌ TÊN", required=True, type=line("Họ tên"), help="Họ tên.")
@click.option(
    "--role", metavar="VAI TRÒ", required=True, type=ROLE, help="centre_officer, coordinator, leader, finance…"
)
@_unit
@_place
@_email
@_phone
@by_writer
def add(by: str | None, code: str, name: str, role: Role, email: str | None, phone: str | None, **bound: Any) -> None:
    """Thêm một người dùng.

    Quản trị thêm người. Khi sổ chưa có ai, người đầu tiên được thêm không cần --by và phải là quản trị.
    """
    from models.people import add_person, refuse_others_than

    contact = {"email": email or "", "phone": phone or ""}
    with open_desk() as desk:
        if not (by or desk.settings.by):
            _add_first(desk, code, name, role, contact | bound)
        else:
            with desk.writing(by) as writing:
                refuse_others_than(writing.person, Role.ADMINISTRATOR)
                add_person(writing.session, code, name, role, writing.origin, **contact, **bound)
    click.echo(f"Đã thêm {name} ({code}): {role.label}.")


def _add_first(desk: Desk, code: str, name: str, role: Role, more: dict[str, Any]) -> None:
    """Let the register's first person in, who can be nobody but an administrator."""
    from models.append import Origin
    from models.people import add_person
    from models.queries import people

    with desk.store.write() as session:
        if people(session):
            raise click.UsageError("Chưa biết ai thêm: hãy ghi --by MÃ của một quản trị.", click.get_current_context())
        if role is not Role.ADMINISTRATOR:
            raise Refused("Sổ chưa có ai; người đầu tiên phải là quản trị (--role administrator).")
        add_person(session, code, name, role, Origin(desk.at, None, DOOR, os_user()), **more)


@user.command("list")
@click.option("--role", metavar="VAI TRÒ", type=ROLE, help="Chỉ một vai trò.")
@as_json
def list_(role: Role | None, as_json: bool) -> None:
    """Liệt kê người dùng (không in liên hệ)."""
    from models.queries import people

    with open_desk() as desk, desk.reading() as view:
        rows = people(view.session, role=role)
    if as_json:
        print_json(rows)
        return
    columns = [Column("Mã"), Column("Họ tên"), Column("Vai trò"), Column("Đơn vị", flexible=True), Column("Địa bàn")]
    keys = ("code", "name", "role_label", "unit_name", "place_name")
    print_table([*columns, Column("Trạng thái")], [[*(row[k] for k in keys), _activity(row)] for row in rows])


@user.command()
@_code
@as_json
def show(code: str, as_json: bool) -> None:
    """Xem một người dùng, liên hệ, cách nhận nhắc việc và người thay khi vắng mặt."""
    from models.queries import person

    with open_desk() as desk, desk.reading() as view:
        row = person(view.session, code)
        told = _told(desk, view.session, code)
    if as_json:
        print_json(row | told)
        return
    keys = ("code", "name", "role_label", "unit_name", "place_name", "email", "phone")
    labels = ("Mã", "Họ tên", "Vai trò", "Đơn vị", "Địa bàn", "Thư", "Điện thoại")
    print_fields(
        [
            *zip(labels, (row[key] for key in keys), strict=True),
            ("Trạng thái", _activity(row)),
            ("Nhắc việc", told["notify"]["text"]),
            *(("Không gửi được", f"{way['label']}: {way['problem']}") for way in told["reached"] if way["problem"]),
            *(("Vắng mặt", _absence(absence)) for absence in told["away"]),
        ]
    )


def _told(desk: Desk, session: Any, code: str) -> dict[str, Any]:
    """How a person is told of what is due, without the ids by which providers know them."""
    from models.loading import load_person
    from models.reminders.absences import absences_of
    from models.reminders.addresses import places
    from models.reminders.preferences import preference_of

    person = load_person(session, code)
    wanted = preference_of(session, person.id)
    reached = places(session, [person.id])[person.id]
    return {
        "notify": wanted_row(wanted) | {"text": wanted_text(wanted)},
        "reached": [
            {"channel": str(place.channel), "label": place.channel.label, "problem": place.problem} for place in reached
        ],
        "away": [absence_row(absence) for absence in absences_of(session, code, since=desk.today)],
    }


def _absence(row: dict[str, Any]) -> str:
    first_on, until_on = (format_date(date.fromisoformat(row[name])) for name in ("from_on", "until_on"))
    return f"{row['substitute']} thay từ {first_on} đến {until_on}"


def _activity(row: dict[str, Any]) -> str:
    return "đang làm việc" if row["active"] else "đã khóa"


@user.command()
@_code
@click.option("--name", metavar="HỌ TÊN", type=line("Họ tên"), help="Họ tên mới.")
@click.option("--role", metavar="VAI TRÒ", type=ROLE, help="Vai trò mới.")
@_unit
@_place
@_email
@_phone
@note
@by_writer
def edit(code: str, by: str | None, note: str | None, **changes: Any) -> None:
    """Sửa thông tin một người dùng; liên hệ không đi vào sổ sự kiện."""
    _change(code, by, note, **changes)
    click.echo(f"Đã sửa {code}.")


@user.command()
@_code
@note
@by_writer
def lock(code: str, by: str | None, note: str | None) -> None:
    """Khóa một người dùng; việc đã ghi của người đó vẫn còn."""
    _change(code, by, note, active=False)
    click.echo(f"Đã khóa {code}.")


@user.command()
@_code
@note
@by_writer
def unlock(code: str, by: str | None, note: str | None) -> None:
    """Mở lại một người dùng đã khóa."""
    _change(code, by, note, active=True)
    click.echo(f"Đã mở lại {code}.")


def _change(code: str, by: str | None, note: str | None, **changes: Any) -> None:
    from models.loading import load_person
    from models.people import edit_person, refuse_others_than
    from models.reminders.addresses import use_again

    with open_desk() as desk, desk.writing(by) as writing:
        refuse_others_than(writing.person, Role.ADMINISTRATOR)
        edit_person(writing.session, code, writing.origin, note=note or "", **changes)
        typed = {way: bool(changes.get(way)) for way in ("email", "phone")}
        use_again(writing.session, load_person(writing.session, code).id, **typed)
