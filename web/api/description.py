"""What the programming interface offers: OpenAPI for programs, and a page of the same for people."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse, Response

from states.scopes import Scope
from states.vocabulary import Role
from web.access import Pages, Permission
from web.api.answers import content_of, described_answers
from web.api.examples import EXAMPLES
from web.api.problems import OVERVIEW, ProblemBody
from web.api.routing import KEY_HEADER, LONGEST_KEY
from web.desk import AtDesk
from web.roles import ANYONE, EVERYONE

endpoints = Pages()

#: Of the interface and not of the program: it changes when an answer loses or renames something.
VERSION = "1.0"
TAGS = {
    "projects": "Đề án",
    "approvals": "Phê duyệt",
    "contracts": "Hợp đồng",
    "letters": "Văn bản, hồ sơ",
    "imports": "Nhập từ bảng tính",
    "plans": "Kế hoạch năm",
    "programmes": "Chương trình, số liệu",
    "reports": "Báo cáo",
    "exports": "Tải số liệu",
    "reminders": "Nhắc việc, hạn",
    "outbox": "Hộp thư đi",
    "calendar": "Lịch làm việc",
    "rules": "Quy định",
    "directory": "Danh bạ, người dùng",
    "log": "Nhật ký",
    "operations": "Vận hành",
    "webhooks": "Webhook",
}
ABOUT = (
    "Mọi việc các trang làm được, dưới dạng JSON, qua cùng các hàm. Tiền là số nguyên đồng, ngày dạng ISO 8601. "
    "Token cá nhân lập ở /me/tokens; vai trò và phạm vi xem của người chủ token luôn được áp dụng. "
    "Lời từ chối là application/problem+json (RFC 9457), lý do bằng tiếng Việt.\n\n"
    "Everything the pages do, as JSON, over the same functions. Amounts are integers in đồng, days are ISO 8601. "
    "Make a personal token at /me/tokens; the role and scope of its owner always apply."
)
_KEY: Mapping[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Khóa do chương trình đặt: gửi lại cùng khóa thì chỉ ghi một lần và nhận câu trả lời cũ (7 ngày).",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$"},
    "example": "7f9c1e52-dong-bo-2026-02-03",
}
assert _KEY["name"].lower() == KEY_HEADER


@endpoints.show("/api/v1/openapi.json", who=ANYONE, label="Mô tả giao diện lập trình (OpenAPI)")
def openapi(visit: AtDesk) -> Response:
    """Nothing of the register stands in it, so that a program can be written before it has a token."""
    return JSONResponse(described(visit.request.app))


def described(app: FastAPI) -> dict[str, Any]:
    """The description of the interface; made once for an application."""
    known: dict[str, Any] | None = getattr(app.state, "described", None)
    if known is None:
        known = app.state.described = _describe(app)
    return known


def _describe(app: FastAPI) -> dict[str, Any]:
    found = get_openapi(
        title="Sổ khuyến công",
        version=VERSION,
        description=ABOUT,
        routes=app.routes,
        tags=_tags(),
        separate_input_output_schemas=False,
    )
    components = found.setdefault("components", {})
    components.setdefault("schemas", {})["ProblemBody"] = ProblemBody.model_json_schema()
    components["schemas"] |= described_answers().components
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "dean_…"}}
    found["security"] = [{"token": []}]
    admitted = {(one.method.lower(), one.path): one for one in app.state.permissions}
    for path, operations in found["paths"].items():
        for method, operation in operations.items():
            _complete(operation, admitted[method, path], EXAMPLES.get(operation["operationId"]))
    return found


def _tags() -> list[dict[str, Any]]:
    return [{"name": name, "description": label} for name, label in TAGS.items()]


def _complete(operation: dict[str, Any], admission: Permission, example: Mapping[str, Any] | None) -> None:
    """Say who may call an endpoint, with which scope, under which key, and with a body such as which."""
    roles = [role for role in Role if admission.who is not None and role in admission.who]
    scope = admission.scope or Scope.READ
    who = ", ".join(role.label for role in roles)
    told = f"Quyền của token: `{scope}`. Vai trò: {who}."
    operation["description"] = "\n\n".join(filter(None, (operation.get("description", ""), told)))
    operation |= {"x-scope": scope, "x-roles": roles}
    if admission.method != "GET":
        operation.setdefault("parameters", []).append(_KEY)
    [done] = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
    done["content"] = content_of(operation["operationId"])
    for content in operation.get("requestBody", {}).get("content", {}).values():
        if example is not None:
            content["example"] = example


@endpoints.show(OVERVIEW, who=EVERYONE, label="Giao diện lập trình")
def overview(visit: AtDesk) -> Response:
    """The endpoints that there are, by subject, with those that the visitor's role opens marked."""
    found = described(visit.request.app)
    rows = [_row(method, path, told) for path, each in found["paths"].items() for method, told in each.items()]
    order = list(TAGS)
    rows.sort(key=lambda row: order.index(row["tag"]))
    groups = [(TAGS[tag], list(listed)) for tag, listed in groupby(rows, key=lambda row: row["tag"])]
    return visit.page("api.html", groups=groups, scopes=list(Scope), version=VERSION)


def _row(method: str, path: str, operation: Mapping[str, Any]) -> dict[str, Any]:
    told = {"method": method.upper(), "path": path, "tag": operation["tags"][0], "label": operation["summary"]}
    return told | {
        "scope": operation["x-scope"],
        "roles": operation["x-roles"],
        "everyone": len(operation["x-roles"]) == len(Role),
    }
