"""What an address asks of a list of projects: filters, order, columns, place; read, and written again with changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import QueryParams

from models.desk.personal import personal
from models.queries.projects_orders import Order, Sort
from models.queries.projects_sought import Due, Sought
from models.store import Session
from states.refusal import Refused
from states.vocabulary import Route, Stage, State
from web.fields import Fields
from web.rendering import address

#: The columns that a person may choose, in the order in which they stand, with the words of their heads.
COLUMNS = {
    "stage": "Giai đoạn",
    "deadline": "Hạn gần nhất",
    "unit": "Đơn vị thực hiện",
    "place": "Địa bàn",
    "year": "Năm",
    "route": "Tuyến",
    "content": "Nội dung",
    "amount": "Kinh phí (đồng)",
    "asked": "Đề nghị (đồng)",
    "appraised": "Thẩm định (đồng)",
    "approved": "Phê duyệt (đồng)",
    "accepted": "Nghiệm thu (đồng)",
    "settled": "Quyết toán (đồng)",
    "moved": "Chuyển bước",
}
USUAL = ("stage", "deadline", "unit", "amount", "moved")
MONEY = frozenset({"amount", "asked", "appraised", "approved", "accepted", "settled"})
#: Which column is sorted by what.
SORTED_BY = {"deadline": Order.DEADLINE, "amount": Order.AMOUNT, "moved": Order.MOVED}
#: The newest projects first: those are the ones that people work on.
NEWEST = Sort(Order.CODE, down=True)
FILTERS = ("words", "programme", "year", "state", "stage", "route", "content", "unit", "place", "deadline")
#: Under which the columns of the person are kept.
KEPT = "projects.columns"


@dataclass(slots=True)
class Asked:
    """An address as it was understood. `form` has the filters as they were typed, and what was wrong with them."""

    form: Fields
    sought: Sought = field(default_factory=Sought)
    sort: Sort = NEWEST
    columns: tuple[str, ...] = USUAL
    #: Are the columns those of the address, and not of the person?
    told_columns: bool = False
    after: str = ""
    before: str = ""

    @property
    def query(self) -> dict[str, Any]:
        """The list as parameters of an address, without the place in it: what is saved and shared."""
        asked = {name: getattr(self.sought, name) for name in FILTERS}
        sort = None if self.sort == NEWEST else self.sort_text(self.sort)
        return asked | {"sort": sort, "columns": ",".join(self.columns) if self.told_columns else None}

    @staticmethod
    def sort_text(sort: Sort) -> str:
        return f"{'-' if sort.down else ''}{sort.by}"

    def here(self, path: str = "/projects", **changes: Any) -> str:
        """The address of this list, on some page, with some parameters changed."""
        return address(path, **(self.query | changes))

    def sorted_by(self, by: str) -> str:
        """The address of this list in another order; in the same order it turns round."""
        order = Order(by)
        down = not self.sort.down if self.sort.by is order else order in (Order.AMOUNT, Order.MOVED)
        sort = Sort(order, down)
        return self.here(sort=None if sort == NEWEST else self.sort_text(sort))

    def direction(self, by: str) -> str:
        """How a column is sorted, in the words of the accessibility tree."""
        if self.sort.by != by:
            return "none"
        return "descending" if self.sort.down else "ascending"


def read_asked(params: QueryParams, kept_columns: str = "") -> Asked:
    """Read an address. What cannot be understood is a mistake of its field, and filters nothing."""
    form = Fields(params)
    asked = Asked(form)
    asked.sought = Sought(
        programme=_code(form, "programme", "mã chương trình"),
        year=_number(form, "year", "Năm phải là một số, ví dụ 2025.", 1900, 9999),
        state=form.code("state", State),
        stage=form.code("stage", Stage),
        route=form.code("route", Route),
        content=_number(form, "content", "Nội dung phải là một số, ví dụ 2.", 0, 999),
        unit=_code(form, "unit", "mã đơn vị"),
        place=_code(form, "place", "mã địa bàn"),
        words=form.typed("words").strip() or None,
        deadline=form.code("deadline", Due),
    )
    asked.sort = form.read("sort", _sort) or NEWEST
    told = [part for value in params.getlist("columns") for part in value.split(",")]
    asked.told_columns = bool(told)
    wanted = told or kept_columns.split(",")
    asked.columns = tuple(name for name in COLUMNS if name in wanted) or USUAL
    asked.after, asked.before = form.typed("after"), form.typed("before")
    return asked


def kept_columns(session: Session, person_id: int) -> str:
    """The columns that a person has chosen, or nothing."""
    return personal(session, person_id, KEPT)


def _code(form: Fields, name: str, what: str) -> str | None:
    return form.line(name, what) or None


def _number(form: Fields, name: str, wrong: str, least: int, most: int) -> int | None:
    def reader(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 6 and least <= int(text) <= most):
            raise Refused(wrong)
        return int(text)

    return form.read(name, reader)


def _sort(text: str) -> Sort:
    try:
        return Sort(Order(text.removeprefix("-")), text.startswith("-"))
    except ValueError:
        raise Refused("Không xếp được theo cột này; hãy bấm vào đầu cột của bảng.") from None


def plain_query(query: Mapping[str, Any]) -> str:
    """A query as text, as it is kept."""
    return address("", **query).removeprefix("?")
