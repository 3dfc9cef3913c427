"""`dean user`: how a person signs in to the desk — the link for a password, the second factor, open browsers."""

from typing import TYPE_CHECKING, Any

import click

from cli.door import DOOR, Desk, notice, open_desk, os_user
from cli.lazy import Command
from cli.options import by_writer
from cli.typed import line
from states.refusal import Refused
from states.vocabulary import Role

if TYPE_CHECKING:
    from models.append import Origin
    from models.desk.access_log import AccessAct
    from states.facts import Person

_code = click.argument("code", metavar="MÃ", type=line("Mã người dùng"), help="Mã người dùng.")


@click.command(cls=Command)
@_code
@by_writer
def invite(code: str, by: str | None) -> None:
    """In đường dẫn để người dùng tự đặt mật khẩu, dùng được một lần trong 48 giờ.

    Đường dẫn lập trước đó hết dùng được. Ai cầm đường dẫn thì đặt được mật khẩu: chỉ đưa cho đúng người.
    """
    with open_desk() as desk:
        click.echo(invitation_link(desk, code, by or desk.settings.by))
    notice("Đường dẫn dùng được một lần trong 48 giờ; hãy đưa riêng cho người đó.")


def invitation_link(desk: Desk, code: str, by: str | None = None) -> str:
    """Make a link by which a person chooses a password. Raises Refused for a locked person."""
    from models.desk.access_log import AccessAct
    from models.desk.credentials import invite as make_invitation

    with desk.store.write() as session:
        person = _kept(session, desk, code, by, AccessAct.INVITED)
        if not person.active:
            raise Refused(f"Tài khoản của {person.name} đã khóa; hãy mở lại trước (dean user unlock {person.code}).")
        token = make_invitation(session, person.id, at=desk.at)
    return f"{desk.settings.base_url.rstrip('/')}/invite/{token}"


@click.command(cls=Command)
@_code
@by_writer
def password(code: str, by: str | None) -> None:
    """Đặt mật khẩu cho một người dùng bằng cách gõ hai lần ở đây; không hiện trên màn hình.

    Mọi trình duyệt đang đăng nhập của người đó bị đăng xuất; mã truy cập và đường dẫn lịch bị thu hồi.
    """
    from models.desk.access_log import AccessAct
    from models.desk.credentials import hash_password, set_password
    from models.desk.keys import withdraw_keys
    from models.desk.throttle import forgive_everywhere
    from models.loading import load_person

    with open_desk() as desk:
        with desk.store.read() as session:
            load_person(session, code)
        typed = click.prompt("Mật khẩu mới", hide_input=True, confirmation_prompt="Gõ lại mật khẩu mới", err=True)
        hashed = hash_password(typed, code=code)
        with desk.store.write() as session:
            person = _kept(session, desk, code, by or desk.settings.by, AccessAct.PASSWORD)
            set_password(session, person.id, hashed, at=desk.at)
            withdraw_keys(session, person.id, at=desk.at)
            forgive_everywhere(session, person.code.lower())
    click.echo(f"Đã đặt mật khẩu cho {person.name} ({person.code}).")


@click.command("second-factor", cls=Command)
@_code
@click.option("--reset", is_flag=True, help="Bỏ xác thực hai bước của người này, khi mất điện thoại và mã dự phòng.")
@by_writer
def second_factor(code: str, reset: bool, by: str | None) -> None:
    """Xem người dùng có bật xác thực hai bước không, hoặc bỏ đi (--reset)."""
    from models.desk.access_log import AccessAct
    from models.desk.second_factor import recovery_codes_left, remove_second_factor
    from models.desk.sessions import end_sessions_of
    from models.loading import load_person

    with open_desk() as desk:
        if reset:
            with desk.store.write() as session:
                person = _kept(session, desk, code, by or desk.settings.by, AccessAct.SECOND_FACTOR_RESET)
                remove_second_factor(session, person.id)
                end_sessions_of(session, person.id, at=desk.at)
            click.echo(f"Đã bỏ xác thực hai bước của {person.name} ({person.code}); nay chỉ cần mật khẩu.")
            return
        with desk.store.read() as session:
            person = load_person(session, code)
            left = recovery_codes_left(session, person.id)
    told = "chưa bật xác thực hai bước" if left is None else f"đã bật xác thực hai bước, còn {left} mã dự phòng"
    click.echo(f"{person.name} ({person.code}) {told}.")


@click.command("sign-out", cls=Command)
@_code
@by_writer
def sign_out(code: str, by: str | None) -> None:
    """Đăng xuất mọi trình duyệt của một người dùng."""
    from models.desk.access_log import AccessAct
    from models.desk.sessions import end_sessions_of

    with open_desk() as desk, desk.store.write() as session:
        person = _kept(session, desk, code, by or desk.settings.by, AccessAct.SIGNED_OUT)
        end_sessions_of(session, person.id, at=desk.at)
    click.echo(f"Đã đăng xuất mọi trình duyệt của {person.name} ({person.code}).")


def _kept(session: Any, desk: Desk, code: str, by: str | None, act: "AccessAct") -> "Person":
    """Read the person, check who acts, and keep in the log of access what is about to be done."""
    from models.desk.access_log import note_access
    from models.loading import load_person

    person = load_person(session, code)
    note_access(session, act, person_id=person.id, origin=_origin(session, desk, by))
    return person


def _origin(session: Any, desk: Desk, by: str | None) -> "Origin":
    """Who acts: the administrator named, or where nobody is named the user of this machine. Raises Refused."""
    from models.append import Origin
    from models.loading import load_person
    from models.people import refuse_others_than

    if not by:
        return Origin(desk.at, None, DOOR, os_user())
    actor = load_person(session, by)
    refuse_others_than(actor, Role.ADMINISTRATOR)
    return Origin(desk.at, actor.id, DOOR, os_user())
