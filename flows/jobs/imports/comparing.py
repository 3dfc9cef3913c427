"""One row against the register: a new project, changes of one that stands, or nothing."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from flows.jobs.imports.rows import Change, Outcome, Row
from models.chain import plain
from models.forms import ProjectForm, refuse_invalid
from models.imports.standing import Standing
from models.projects import PLAN_IS_FIXED, reasons_against_amending
from states.activities import ACTIVITIES
from states.facts import Person
from states.imports.known import Known, ProgrammeNames
from states.imports.wanted import Trouble, Wanted
from states.judge import out_of_scope
from states.lifecycle import WITH_THE_UNIT
from states.vocabulary import Kind, MoneyKind, Route, Stage
from states.words import format_date, format_dong, format_number

#: What the event of every imported project says; why a dossier that was handed in is corrected, the person says.
NOTE = "Nhập từ bảng"
LABELS = {
    "name": "tên",
    "activity": "hoạt động",
    "equipment": "máy móc, thiết bị",
    "kind": "loại",
    "place_id": "địa điểm",
    "starts_on": "bắt đầu",
    "ends_on": "kết thúc",
    "total_cost": "tổng kinh phí",
    "partner": "đơn vị phối hợp",
    "objectives": "mục tiêu",
    "scope": "quy mô",
    "expected_jobs": "lao động dự kiến",
    "expected_revenue": "doanh thu dự kiến",
    "expected_effect": "hiệu quả dự kiến",
}
_DONG = frozenset({"total_cost", "expected_revenue"})


# --- new projects -------------------------------------------------------------------------------------


def compare_new(
    wanted: Wanted,
    *,
    by: Person,
    programme: ProgrammeNames,
    unit_ids: Mapping[str, int],
    place_codes: Mapping[int, str],
) -> Row:
    """Make the form of a new project, with everything that keeps the row from becoming one."""
    refuse_new(wanted, by=by, programme=programme, unit_ids=unit_ids)
    if wanted.troubles:
        return Row.wrong(wanted)
    form = form_of(wanted, programme, place_codes)
    return judged_form(wanted, form, ProjectForm)


def judged_form(wanted: Wanted, form: dict[str, Any], model: type[ProjectForm]) -> Row:
    """A new project, unless its form is not one."""
    try:
        model.model_validate(form)
    except ValidationError as error:
        wanted.troubles += [Trouble(None, reason) for reason in refuse_invalid(error, "Đề án").reasons]
        return Row.wrong(wanted)
    return Row(wanted.row + 1, Outcome.NEW, None, wanted.name, wanted, [], wanted.notes, [], form)


def refuse_new(wanted: Wanted, *, by: Person, programme: ProgrammeNames, unit_ids: Mapping[str, int]) -> None:
    """Say of a row that is to become a project what it lacks, and what lies outside the programme or the scope."""
    wanted.troubles += wanted.lacking
    year = wanted.plan_year
    if year is not None and not programme.start_year <= year <= programme.end_year:
        sentence = (
            f"Năm kế hoạch {year} nằm ngoài chương trình {programme.code} "
            f"({programme.start_year}–{programme.end_year}); hãy chọn năm hoặc chương trình khác."
        )
        wanted.troubles.append(Trouble(wanted.places.get("plan_year"), sentence))
    if wanted.unit is not None:
        reasons = out_of_scope(by, unit_ids[wanted.unit], wanted.values.get("place_id"))
        wanted.troubles += [Trouble(wanted.places.get("unit"), reason) for reason in reasons]


def form_of(wanted: Wanted, programme: ProgrammeNames, place_codes: Mapping[int, str]) -> dict[str, Any]:
    form = {name: value for name, value in wanted.values.items() if name != "place_id"}
    if (place := wanted.values.get("place_id")) is not None:
        form["place"] = place_codes[place]
    return form | {
        "programme": programme.code,
        "content": wanted.content,
        "route": wanted.route,
        "plan_year": wanted.plan_year,
        "unit": wanted.unit,
        "amounts": wanted.amounts,
        "targets": wanted.targets or {},
        "beneficiaries": wanted.beneficiaries or (),
    }


# --- projects that stand ------------------------------------------------------------------------------


def compare_standing(wanted: Wanted, standing: Standing, *, by: Person, known: Known) -> Row:
    """Find what a row changes in a project, and judge it as the door will."""
    changes: list[Change] = []
    values = {
        name: value
        for name, value in wanted.values.items()
        # What was only guessed or chosen for rows without it changes nothing that stands.
        if name in wanted.places and plain(standing.row[name]) != plain(value)
    }
    for name, value in values.items():
        was = standing.row[name]
        changes.append(change_of(wanted, name, LABELS[name], shown(name, was, known), shown(name, value, known)))
    refuse_fixed(wanted, standing)
    _refuse_money(wanted, standing)
    amended: dict[str, Any] = {"values": values}
    names = names_wanted(wanted, standing)
    if names is not None:
        amended["beneficiaries"] = names
        now = [known.beneficiaries[one] for one in names] + [firm.name for firm in wanted.fresh]
        was_named = "; ".join(known.beneficiaries[one] for one in standing.beneficiaries)
        changes.append(change_of(wanted, "beneficiaries", "đơn vị thụ hưởng", was_named, "; ".join(now)))
    amended |= _plan(wanted, standing, changes)
    if changes:
        _judge(wanted, standing, by, values, names)
    if wanted.troubles:
        return Row.wrong(wanted)
    outcome = Outcome.CHANGED if changes else Outcome.SAME
    version = standing.loaded.facts.version
    row = Row(
        wanted.row + 1, outcome, wanted.code, standing.row["name"], wanted, changes, wanted.notes, [], amended, version
    )
    row.is_handed_in = standing.loaded.facts.stage not in WITH_THE_UNIT
    return row


def change_of(wanted: Wanted, name: str, label: str, was: str, now: str) -> Change:
    from documents.reading import address

    column = wanted.places.get(name)
    return Change(label, was, now, "" if column is None else address(wanted.row, column))


def shown(name: str, value: Any, known: Known) -> str:
    if value in (None, ""):
        return "(trống)"
    if name == "place_id":
        return next((place.full for place in known.places if place.id == value), str(value))
    if name == "activity":
        return ACTIVITIES.get(str(value), str(value))
    if name == "kind":
        return Kind(value).label
    if name in ("starts_on", "ends_on"):
        from datetime import date

        return format_date(value if isinstance(value, date) else date.fromisoformat(value))
    if name in _DONG:
        return format_dong(value)
    return format_number(value) if isinstance(value, int) else str(value)


def refuse_fixed(wanted: Wanted, standing: Standing) -> None:
    """What a list never changes: it is in the code, or decides whose the project is."""
    told = (
        ("plan_year", wanted.plan_year, standing.row["plan_year"], "Năm kế hoạch"),
        ("unit", wanted.unit, standing.unit, "Đơn vị thực hiện"),
        ("route", wanted.route, Route(standing.row["route"]), "Tuyến"),
    )
    for name, now, was, label in told:
        if name in wanted.places and now is not None and now != was:
            shown = was.label if isinstance(was, Route) else was
            sentence = (
                f"{label} của {wanted.code} trong sổ là {shown}; không đổi được bằng bảng nhập, hãy sửa lại ô này."
            )
            wanted.troubles.append(Trouble(wanted.places[name], sentence))


def _refuse_money(wanted: Wanted, standing: Standing) -> None:
    """Amounts move by steps only; an amount that any level of the register shows is no change."""
    facts = standing.loaded.facts
    for source, amount in wanted.amounts.items():
        stand = {facts.amount(kind, source) for kind in _LEVELS} | {facts.approved_now(source)}
        if str(source) not in wanted.places or amount in stand:
            continue
        asked = format_dong(facts.amount(MoneyKind.ASKED, source))
        sentence = (
            f"{source.label} của {wanted.code} trong sổ là {asked}; số tiền chỉ "
            "đổi theo bước (nộp lại, thẩm định, điều chỉnh), không đổi bằng bảng nhập."
        )
        wanted.troubles.append(Trouble(wanted.places[str(source)], sentence))


_LEVELS = (MoneyKind.ASKED, MoneyKind.APPRAISED, MoneyKind.APPROVED, MoneyKind.CONTRACTED, MoneyKind.ACCEPTED)


def names_wanted(wanted: Wanted, standing: Standing) -> tuple[int, ...] | None:
    """The beneficiaries to be named, None where they stay."""
    if wanted.beneficiaries is None or (not wanted.fresh and set(wanted.beneficiaries) == set(standing.beneficiaries)):
        return None
    return wanted.beneficiaries


def _plan(wanted: Wanted, standing: Standing, changes: list[Change]) -> dict[str, Any]:
    """Content and targets, which change in a draft only."""
    planned: dict[str, Any] = {}
    stood = standing.loaded.facts.quantities
    if "content" in wanted.places and wanted.content not in (None, standing.row["content_no"]):
        planned["content"] = wanted.content
        changes.append(change_of(wanted, "content", "nội dung", str(standing.row["content_no"]), str(wanted.content)))
    if wanted.targets is not None and {k: v for k, v in wanted.targets.items() if v} != dict(stood):
        planned["targets"] = wanted.targets
        changes.append(
            change_of(wanted, "targets", "chỉ tiêu", quantities_told(stood), quantities_told(wanted.targets))
        )
    if planned and standing.loaded.facts.stage is not Stage.DRAFT:
        column = wanted.places.get("content" if "content" in planned else "targets")
        wanted.troubles.append(Trouble(column, PLAN_IS_FIXED))
    return planned


def quantities_told(planned: Mapping[str, int]) -> str:
    return "; ".join(f"{target} = {quantity}" for target, quantity in sorted(planned.items())) or "(trống)"


def _judge(
    wanted: Wanted, standing: Standing, by: Person, values: Mapping[str, Any], names: tuple[int, ...] | None
) -> None:
    renamed = [] if names is None else list(_renamed(standing, names))
    reasons = reasons_against_amending(
        by, standing.loaded, standing.row, values, renamed, names_are_given=names is not None, note=NOTE
    )
    columns = [wanted.places[name] for name in values if name in wanted.places]
    column = columns[0] if columns else wanted.places.get("beneficiaries")
    wanted.troubles += [Trouble(column, reason) for reason in dict.fromkeys(reasons)]


def _renamed(standing: Standing, names: tuple[int, ...]) -> Iterable[dict[str, Any]]:
    for old in standing.beneficiaries:
        if old not in names:
            yield {"project_id": standing.loaded.id, "beneficiary_id": old, "direction": -1}
    for new in names:
        if new not in standing.beneficiaries:
            yield {"project_id": standing.loaded.id, "beneficiary_id": new, "direction": 1}
