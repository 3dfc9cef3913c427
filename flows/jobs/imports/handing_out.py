"""Projects handed out in a workbook that is filled in without the system, and told apart cell by cell on its return."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from documents.reading import Value
from documents.round_trip import TITLE, Editable, write_round_trip
from models.codes import id_of
from models.imports.standing import codes_within, standing_projects
from models.loading import area_of
from models.queries.places import Gazetteer, gazetteer
from models.store import Session
from states.facts import Person
from states.lifecycle import stage_label
from states.refusal import Refused
from states.vocabulary import Route, Stage
from states.words import format_date

#: Columns of the project by the heads under which they are handed out.
_COLUMNS: Mapping[str, Editable] = {
    "code": Editable("Mã đề án", 17, is_open=False),
    "stage": Editable("Giai đoạn", 16, is_open=False),
    "name": Editable("Tên đề án", 44),
    "place": Editable("Địa điểm", 30),
    "starts_on": Editable("Bắt đầu", 12, kind="day"),
    "ends_on": Editable("Kết thúc", 12, kind="day"),
    "total_cost": Editable("Tổng kinh phí (đồng)", 17, kind="number"),
    "equipment": Editable("Máy móc, thiết bị", 26),
    "partner": Editable("Đơn vị phối hợp", 22),
    "objectives": Editable("Mục tiêu", 30),
    "scope": Editable("Quy mô", 30),
    "expected_jobs": Editable("Lao động dự kiến", 10, kind="number"),
    "expected_revenue": Editable("Doanh thu dự kiến (đồng)", 17, kind="number"),
    "expected_effect": Editable("Hiệu quả dự kiến", 30),
}
#: The fields of the columns, in their order.
HANDED_OUT = tuple(_COLUMNS)


def offline_workbook(
    session: Session, *, reader: Person, today: date, place: str | None = None, unit: str | None = None
) -> tuple[str, bytes]:
    """The name and the bytes of a workbook with the projects of a place or a unit that the reader may see.

    Raises Refused for an unknown place or unit, for neither, and where there is no project.
    """
    if not place and not unit:
        raise Refused("Chưa rõ bảng của ai; hãy ghi mã địa bàn, hoặc đơn vị (--unit MÃ).")
    place_id = id_of(session, "place", place)
    area = area_of(session, place_id) if place_id is not None else None
    codes = codes_within(session, reader, area=area, unit_id=id_of(session, "unit", unit))
    if not codes:
        raise Refused("Không có đề án nào để đưa vào bảng; hãy chọn địa bàn hoặc đơn vị khác.")
    cells = handed_out_cells(session, reader, codes)
    title = (
        f"{TITLE} ĐỀ ÁN KHUYẾN CÔNG",
        f"Số liệu đến ngày {format_date(today)}. Chỉ sửa ô trắng; ô để nguyên thì sổ giữ nguyên. "
        "Đề án mới thì điền vào các dòng trống ở cuối, để trống mã.",
    )
    made_for = _made_for(session, reader, codes) | ({"unit": unit} if unit else {})
    if place_id is not None:
        made_for["place"] = place_words(gazetteer(session), place_id)
    content = write_round_trip(title, list(_COLUMNS.values()), [cells[code] for code in codes], made_for)
    return f"dien-thong-tin-{place or unit}-{today.isoformat()}.xlsx", content


def _made_for(session: Session, reader: Person, codes: list[str]) -> dict[str, str]:
    """What all projects of a workbook have in common holds for one that is added to it."""
    standing = list(standing_projects(session, reader, codes).values())
    common = {
        "plan_year": {str(one.row["plan_year"]) for one in standing},
        "route": {str(one.row["route"]) for one in standing},
        "content": {str(one.row["content_no"]) for one in standing},
        "unit": {one.unit for one in standing},
    }
    return {name: min(said) for name, said in common.items() if len(said) == 1}


def place_words(places: Gazetteer, place_id: int) -> str:
    """A place as a commune writes it: with the units around it, and nothing of what became of it."""
    return ", ".join(f"{part['kind']} {part['name']}" for part in places.around(place_id))


def handed_out_cells(session: Session, reader: Person, codes: list[str]) -> dict[str, list[Value]]:
    """The cells of projects as they would be handed out now."""
    places = gazetteer(session)
    standing = standing_projects(session, reader, codes)
    return {code: [_cell(name, one.row, places) for name in _COLUMNS] for code, one in standing.items()}


def _cell(name: str, row: Mapping[str, Any], places: Gazetteer) -> Value:
    if name == "stage":
        return stage_label(Stage(row["stage"]), Route(row["route"]))
    if name == "place":
        return place_words(places, row["place_id"]) if row["place_id"] is not None else None
    value = row[name]
    if name in ("starts_on", "ends_on"):
        return date.fromisoformat(value) if isinstance(value, str) and value else value
    if isinstance(value, str):
        return value if value.strip() else None
    return value or None
