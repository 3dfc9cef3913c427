"""The permission table as it is: routes by role from the application, steps by role from the lifecycle. For paper."""

from itertools import groupby
from typing import Any

from fastapi.responses import Response

from states.steps import STEPS
from states.vocabulary import Role
from web.access import Pages, Permission
from web.desk import AtDesk
from web.words import t

pages = Pages()

READERS = frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.LEADER, Role.COORDINATOR})


@pages.show("/permissions", who=READERS, label="Bảng phân quyền")
def permission_table(visit: AtDesk) -> Response:
    routes: tuple[Permission, ...] = visit.request.app.state.permissions
    ordered = sorted(routes, key=lambda route: (_room(route.path), route.path, route.method))
    rooms = [(room, list(found)) for room, found in groupby(ordered, key=lambda route: _room(route.path))]
    return visit.page("permissions.html", rooms=rooms, roles=list(Role), steps=_steps)


def _room(path: str) -> str:
    return "/" + path.split("/")[1]


def _steps() -> list[dict[str, Any]]:
    """Who decides and who may record each step, route by route where the deciding bodies differ."""
    return [
        {
            "label": step.label,
            "deciders": [
                (route.label, ", ".join(t(body.label) for body in step.authorities[route])) for route in step.routes
            ],
            "recorders": step.recorders,
        }
        for step in STEPS
    ]
