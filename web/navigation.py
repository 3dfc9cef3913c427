"""The rooms of the desk, in the order of the day's work; each is shown to those who may open it."""

from typing import NamedTuple

from states.facts import Person
from states.vocabulary import Role
from web.roles import EVERYONE, OFFICE, PROVINCE


class Room(NamedTuple):
    """A place in the navigation."""

    path: str
    label: str
    who: frozenset[Role]


ROOMS = (
    Room("/", "Hôm nay", EVERYONE),
    Room("/projects", "Các đề án", EVERYONE),
    Room("/approvals", "Phê duyệt theo danh mục", frozenset({Role.COORDINATOR, Role.LEADER})),
    Room("/plans", "Kế hoạch năm", EVERYONE),
    Room("/programme", "Chương trình", EVERYONE),
    Room("/contracts", "Hợp đồng", OFFICE),
    Room("/reports", "Báo cáo", PROVINCE),
    Room("/reminders", "Nhắc việc", EVERYONE),
    Room("/calendar", "Lịch làm việc", EVERYONE),
    Room("/rules", "Quy định", EVERYONE),
    Room("/directory", "Danh bạ", OFFICE),
    Room("/people", "Người dùng", frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.LEADER})),
    Room("/log", "Nhật ký", frozenset({Role.AUDITOR, Role.LEADER, Role.COORDINATOR, Role.ADMINISTRATOR})),
    Room("/operations", "Vận hành", frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.LEADER, Role.COORDINATOR})),
)


def rooms_of(person: Person) -> list[Room]:
    """The rooms that a person may open."""
    return [room for room in ROOMS if person.role in room.who]


def is_here(room: Room, path: str) -> bool:
    """Is a page part of a room?"""
    return path == room.path if room.path == "/" else path == room.path or path.startswith(room.path + "/")
