"""How far a programme is, as tables: targets and money from plan to settlement, and what was decided in each year."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.jobs.papers.tables.frame import SIGNERS, UNIT, UNVERIFIED, CutOff, Occasion, Table, limited
from models.programme_figures import programme_figures
from states.vocabulary import Source

if TYPE_CHECKING:
    from documents.tables import Sheet

STEPS = {"planned": "Đã lên kế hoạch", "approved": "Đã phê duyệt", "implemented": "Đã nghiệm thu"}
STEPS |= {"settled": "Đã quyết toán"}
_FUNNEL = (
    "Bốn bước là phễu lũy kế: đề án đã ngừng rời «đã lên kế hoạch», ở lại «đã phê duyệt», và chỉ tính tiếp phần đã "
    "nghiệm thu. Đề án thuộc mãi chương trình của năm kế hoạch ban đầu."
)


def programme_table(occasion: Occasion, code: str, *, shelf: Path) -> Table:
    """Targets and money of a programme, as its page shows them: on a large register those of the last night.

    A reader with a scope gets sums of the own projects only. Raises Refused for an unknown code.
    """
    found = programme_figures(occasion.session, code, shelf=shelf, reader=occasion.reader)
    night = date.fromisoformat(found["cutoff"]["on"]) if found["night"] else None
    sheets = (_targets, _money, _years)
    return Table(
        "programme",
        f"tien-do-{code.lower()}",
        occasion,
        CutOff(found["cutoff"]["event"], night),
        lambda: tuple(sheet(found) for sheet in sheets),
        lambda: found,
    )


def _head(found: Mapping[str, Any], title: str) -> dict[str, Any]:
    programme = found["programme"]
    about = f"Quyết định {programme['number']}" if programme["number"] else ""
    doubt = "" if programme["verified"] else f"số liệu chương trình {UNVERIFIED}"
    own = (*limited(found["limited_to"]), "Dự toán và chỉ tiêu giao là của cả chương trình")
    subtitles = filter(None, (about, doubt, *(own if found["limited_to"] else ())))
    return {"titles": (title, programme["name"]), "subtitles": tuple(subtitles)}


def _targets(found: Mapping[str, Any]) -> "Sheet":
    from documents.tables import Column, Group, Kind, Sheet

    names = {content["no"]: content["name"] for content in found["contents"]}
    columns = [Column("code", "Mã", width=8), Column("name", "Chỉ tiêu", width=52)]
    columns += [Column("unit", "Đơn vị tính", width=14), Column("goal", "Giao", Kind.NUMBER, 10)]
    columns += [Column(step, label, Kind.NUMBER, 13) for step, label in STEPS.items()]
    columns += [Column("percent", "Nghiệm thu so với giao", Kind.PERCENT, 13)]
    groups = [
        Group([_target(row) for row in found["targets"] if row["content_no"] == no], f"{no}. {names.get(no, '')}")
        for no in dict.fromkeys(row["content_no"] for row in found["targets"])
    ]
    return Sheet(
        name="Chỉ tiêu",
        columns=tuple(columns),
        groups=iter(groups),
        notes=(_FUNNEL,),
        total="",
        signers=SIGNERS,
        grouped_by="Nội dung",
        **_head(found, "Tình hình thực hiện chỉ tiêu chương trình khuyến công"),
    )


def _target(row: Mapping[str, Any]) -> tuple[Any, ...]:
    goal = row["quantity"] if row["quantity"] is not None else row["quantity_min"]
    return row["code"], row["name"], row["unit"], goal, *(row[step] for step in STEPS), row["percent"]


def _money(found: Mapping[str, Any]) -> "Sheet":
    from documents.tables import Column, Group, Sheet, amount

    columns = [Column("source", "Nguồn", width=40), amount("budget", "Dự toán chương trình", width=18)]
    columns += [amount(step, label, width=18) for step, label in STEPS.items()]
    columns += [amount("left", "Dự toán chưa phê duyệt", width=18, formula="{budget} - {approved}")]
    groups = [
        Group(
            [_source(source, content["money"][str(source)]) for source in Source],
            f"{content['no']}. {content['name']}" if content["no"] else content["name"],
        )
        for content in found["contents"]
    ]
    return Sheet(
        name="Kinh phí",
        columns=tuple(columns),
        groups=iter(groups),
        unit=UNIT,
        notes=("Dự toán chưa phê duyệt âm là phê duyệt vượt dự toán của nội dung và nguồn đó.", _FUNNEL),
        signers=SIGNERS,
        grouped_by="Nội dung",
        **_head(found, "Tình hình sử dụng kinh phí chương trình khuyến công"),
    )


def _source(source: Source, sums: Mapping[str, int]) -> tuple[Any, ...]:
    return source.label, sums["budget"], *(sums[step] for step in STEPS), sums["budget"] - sums["approved"]


def _years(found: Mapping[str, Any]) -> "Sheet":
    from documents.tables import Column, Group, Kind, Sheet, amount

    decided = [step for step in STEPS if step != "planned"]
    columns = [Column("year", "Năm ra văn bản", Kind.WHOLE, 14)]
    columns += [amount(step, STEPS[step], band="Trong năm", width=20) for step in decided]
    columns += [Column(f"sum_{step}", STEPS[step], Kind.AMOUNT, 20, "Lũy kế") for step in decided]
    rows = [
        (row["year"], *(row["decided"][step] for step in decided), *(row["sum"][step] for step in decided))
        for row in found["years"]
    ]
    return Sheet(
        name="Theo năm",
        columns=tuple(columns),
        groups=iter([Group(rows)]),
        unit=UNIT,
        **_head(found, "Kinh phí chương trình theo năm ra văn bản, cả ba nguồn"),
    )
