"""What a program reads when something is refused: application/problem+json (RFC 9457), in both languages.

The reasons are those of the rules, in Vietnamese, the language in which they are binding.
"""

from collections.abc import Iterable
from enum import Enum
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

PREFIX, OVERVIEW = "/api/", "/api/v1"


class Problem(Enum):
    """A kind of refusal: HTTP status, code in the type's address, title in Vietnamese and English."""

    UNREADABLE = 422, "unreadable", "Không đọc được yêu cầu", "The request cannot be understood"
    WRONG_QUERY = 400, "wrong-query", "Điều kiện xem không dùng được", "The query cannot be used"
    NOT_SIGNED_IN = 401, "not-signed-in", "Cần token hoặc phiên đăng nhập", "A token or a session is needed"
    DENIED = 403, "denied", "Không có quyền", "Not permitted"
    FOREIGN = 403, "foreign", "Yêu cầu đến từ trang khác", "The request comes from another site"
    NOT_FOUND = 404, "not-found", "Không tìm thấy", "Not found"
    NOT_TAKEN = 405, "not-taken", "Không nhận yêu cầu như vậy", "Such a request is not taken here"
    REFUSED = 409, "refused", "Chưa thực hiện được", "Refused by the rules"
    ALREADY_DONE = 409, "already-done", "Đã được ghi trước đó", "Already recorded"
    TOO_LARGE = 413, "too-large", "Yêu cầu quá lớn", "The request is too large"
    NOT_SERVED = 503, "not-served", "Chưa phục vụ được", "Not ready"
    BROKEN = 500, "broken", "Chương trình gặp lỗi", "The program failed"

    @property
    def status(self) -> int:
        return self.value[0]


class ProblemBody(BaseModel):
    """A refusal as programs read it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "/api/v1/problems/refused",
                    "title": "Chưa thực hiện được",
                    "title_en": "Refused by the rules",
                    "status": 409,
                    "detail": "Bước «Phê duyệt» cần quyết định; hãy ghi số và ngày quyết định.",
                    "reasons": ["Bước «Phê duyệt» cần quyết định; hãy ghi số và ngày quyết định."],
                }
            ]
        }
    )

    type: str = Field(description="Loại lỗi; không đổi giữa các phiên bản")
    title: str
    title_en: str
    status: int
    detail: str = Field(description="Mọi lý do, nối lại")
    reasons: list[str] = Field(description="Từng lý do, bằng tiếng Việt, nói phải làm gì")


class ProblemAnswer(JSONResponse):
    media_type = "application/problem+json"


def is_api(request: Request) -> bool:
    """Does a program ask?"""
    return is_interface(request.url.path)


def is_interface(path: str) -> bool:
    """Is a path one of the programming interface? The page that describes it is for people."""
    return path.startswith(PREFIX) and path != OVERVIEW


def problem(kind: Problem, reasons: Iterable[str]) -> ProblemAnswer:
    """Answer with a refusal."""
    status, code, title, title_en = kind.value
    told = list(reasons)
    body = ProblemBody(
        type=f"/api/v1/problems/{code}",
        title=title,
        title_en=title_en,
        status=status,
        detail=" ".join(told),
        reasons=told,
    )
    headers = {"WWW-Authenticate": 'Bearer realm="dean"'} if status == 401 else None
    return ProblemAnswer(body.model_dump(), status, headers=headers)


def documented(*kinds: Problem) -> dict[int | str, dict[str, Any]]:
    """The refusals of an endpoint, for its description."""
    content = {ProblemAnswer.media_type: {"schema": {"$ref": "#/components/schemas/ProblemBody"}}}
    return {kind.status: {"description": kind.value[3], "content": content} for kind in kinds}
