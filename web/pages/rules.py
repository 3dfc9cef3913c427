"""Rules: the lifecycle of a đề án as a table and as a drawing."""

from typing import Any

from fastapi.responses import Response

from states.conditions import conditions
from states.facts import Person
from states.lifecycle import STATES_OF, Basis, Step, stage_label
from states.steps import STEPS
from states.vocabulary import Role, Route, Stage
from web.access import Pages
from web.desk import AtDesk
from web.fields import Fields
from web.lifecycle import BOX_HEIGHT, BOX_WIDTH, HEAD, MARGIN, draw
from web.roles import EVERYONE
from web.words import t

pages = Pages()

SHORT = {Route.LOCAL: "ĐP", Route.NATIONAL: "QG"}
#: What becomes of clocks by a step, and the words for it.
_CLOCKS = (("opens", "mở"), ("pauses", "tạm ngừng"), ("resumes", "chạy tiếp"), ("closes_deadlines", "đóng"))


def tabs(_person: Person) -> list[tuple[str, str]]:
    """The kinds of rules."""
    return [
        ("/rules", t("Vòng đời")),
        ("/rules/deadlines", t("Thời hạn")),
        ("/rules/ceilings", t("Định mức hỗ trợ")),
        ("/rules/prepayments", t("Mức tạm ứng")),
        ("/rules/priorities", t("Mức ưu tiên")),
        ("/rules/reminders", t("Mốc nhắc")),
        ("/rules/templates", t("Mẫu văn bản")),
    ]


@pages.show("/rules", who=EVERYONE, label="Quy định: vòng đời của đề án")
def lifecycle_page(visit: AtDesk) -> Response:
    form = Fields(visit.request.query_params)
    route, role = form.code("route", Route), form.code("role", Role)
    stage = form.code("stage", Stage)
    chosen = [step for step in STEPS if _is_chosen(step, route, role, stage)]
    return visit.page(
        "rules/lifecycle.html",
        form=form,
        tabs=tabs,
        steps=[_row(step, route or Route.LOCAL) for step in chosen],
        number_of_steps=len(STEPS),
        routes=[(str(each), each.label) for each in Route],
        roles=[(str(each), each.label) for each in Role if any(each in step.recorders for step in STEPS)],
        stages=[(str(each), each.label) for each in Stage],
    )


def _is_chosen(step: Step, route: Route | None, role: Role | None, stage: Stage | None) -> bool:
    return route in (None, *step.authorities) and role in (None, *step.recorders) and stage in (None, *step.sources)


def _row(step: Step, route: Route) -> dict[str, Any]:
    """A row of the table in words; stages are called as on the route."""
    back = {"resume": "giai đoạn trước khi tạm dừng", "revert": "giai đoạn trước bước bị hủy"}
    every = len(step.sources) == len(Stage)
    target = stage_label(step.target, route) if step.target else back.get(str(step.action), "giữ nguyên")
    return {
        "action": str(step.action),
        "label": step.label,
        "sources": [] if every else [(str(s), stage_label(s, route)) for s in Stage if s in step.sources],
        "target": (str(step.target), target) if step.target else ("", target),
        "authorities": [(SHORT[each], [a.label for a in bodies]) for each, bodies in step.authorities.items()],
        "recorders": [role.label for role in Role if role in step.recorders],
        "papers": [paper.label for paper in step.papers],
        "act": step.act.label if step.act else "",
        "conditions": conditions(step),
        "clocks": [(word, clock) for name, word in _CLOCKS for clock in getattr(step, name)],
        "basis": [_basis(basis) for basis in step.basis],
    }


def _basis(basis: Basis) -> dict[str, Any]:
    return {"text": basis.text, "since": basis.since, "route": SHORT[basis.route] if basis.route else ""}


@pages.show("/rules/drawing", who=EVERYONE, label="Quy định: sơ đồ vòng đời")
def drawing_page(visit: AtDesk) -> Response:
    route = Fields(visit.request.query_params).code("route", Route) or Route.LOCAL
    outgoing = {
        stage: [
            (step.label, step.action, step.target)
            for step in STEPS
            if stage in step.sources and route in step.authorities
        ]
        for stage in Stage
    }
    return visit.page(
        "rules/drawing.html",
        tabs=tabs,
        route=route,
        routes=list(Route),
        draw=draw,
        size={"width": BOX_WIDTH, "height": BOX_HEIGHT, "head": HEAD, "margin": MARGIN},
        outgoing=[
            (str(stage), stage_label(stage, route), STATES_OF[stage][0].label, _named(steps, route))
            for stage, steps in outgoing.items()
        ],
    )


def _named(steps: list[tuple[str, Any, Stage | None]], route: Route) -> list[tuple[str, str, str]]:
    """Steps without undoing, which every stage has."""
    return [
        (str(action), label, stage_label(target, route) if target else "")
        for label, action, target in steps
        if str(action) != "revert"
    ]
