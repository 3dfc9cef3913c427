"""A frozen report as tables: the rows and sums that a reader looks for, as plain values in đồng.

The body is JSON nested by paths; here stands once which of it makes a line, for the terminal and for the pages.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from states.lifecycle import stage_label
from states.periods import PeriodKind
from states.vocabulary import MoneyKind, Route, Source, Stage

#: The flows of money that stand in a table; the body has all.
SHOWN_FLOWS = (
    MoneyKind.APPROVED,
    MoneyKind.ALLOTTED,
    MoneyKind.PREPAID,
    MoneyKind.PAID,
    MoneyKind.SETTLED,
    MoneyKind.RECOVERED,
)
COUNTED = (("Phê duyệt", "approved"), ("Nghiệm thu", "accepted"), ("Quyết toán", "settled"), ("Ngừng", "stopped"))
SPAN_LABELS = {"period": "trong kỳ", "year": "từ đầu năm", "cumulative": "từ đầu chương trình"}
#: Spans that say the same as another one are shown once: a year's report counts the year, a whole one everything.
_SPANS = {PeriodKind.YEAR: ("year", "cumulative"), PeriodKind.PROGRAMME: ("cumulative",)}


def spans_of(kind: str) -> tuple[str, ...]:
    """The spans that a report of a kind shows, the shortest first."""
    return _SPANS.get(PeriodKind(kind), tuple(SPAN_LABELS))


def target_rows(body: Mapping[str, Any], spans: Sequence[str]) -> list[dict[str, Any]]:
    """A row for each target in the order of the programme; `done` are the quantities accepted, by span."""
    targets, names = body["figures"]["targets"], body["labels"]["targets"]
    order = sorted(targets, key=lambda code: (names[code]["content_no"], _numbers(code)))
    return [
        {"code": code, **{name: names[code][name] for name in ("name", "unit", "goal")}}
        | {"planned": targets[code]["planned"], "done": [targets[code][span] for span in spans]}
        | {"estimate": targets[code]["estimate"]}
        for code in order
    ]


def _numbers(code: str) -> list[int]:
    return [int(part) for part in code.lstrip("T").split("_") if part.isdigit()]


def count_rows(body: Mapping[str, Any], spans: Sequence[str]) -> list[tuple[str, list[int]]]:
    """How many projects took each of the counted steps, by span."""
    counted = body["figures"]["totals"]["projects"]
    return [(label, [counted[step][span] for span in spans]) for label, step in COUNTED]


def money_rows(body: Mapping[str, Any], spans: Sequence[str]) -> Iterator[dict[str, Any]]:
    """A row for each content, source and span with any money, and last the same of the whole (`content` None).

    What was planned and is expected stands where the whole year does, elsewhere it is None.
    """
    contents, names = body["figures"]["contents"], body["labels"]["contents"]
    groups: list[tuple[str | None, str, dict[str, Any]]] = [
        (number, names[number], contents[number]["money"]) for number in sorted(contents, key=int)
    ]
    whole = "year" if "year" in spans else "cumulative"
    for number, name, money in [*groups, (None, "Tổng", body["figures"]["totals"]["money"])]:
        for source in Source:
            if not any(_amounts(money[source])):
                continue
            for span in spans:
                flows = [money[source][str(kind)][span] for kind in SHOWN_FLOWS]
                year = {key: money[source][key] if span == whole else None for key in ("planned", "expected")}
                yield {"content": number, "name": name, "source": source, "span": span, "flows": flows, **year}


def _amounts(money: Mapping[str, Any]) -> list[int]:
    return [amount for cell in money.values() for amount in (cell.values() if isinstance(cell, dict) else [cell])]


def project_rows(
    body: Mapping[str, Any], *, content: str | None = None, target: str | None = None
) -> list[dict[str, Any]]:
    """A row for each project in the order of the codes; amounts are state support in đồng.

    `content` and `target` keep the projects that add to the figures of one content or of one target.
    """
    return [
        _project(code, row)
        for code, row in sorted(body["figures"]["projects"].items())
        if content in (None, str(row["content_no"])) and (target is None or target in row.get("targets", {}))
    ]


def _project(code: str, row: Mapping[str, Any]) -> dict[str, Any]:
    funds = [money for source, money in row.get("money", {}).items() if source != Source.COUNTERPART]
    given = {
        span: sum(money[str(kind)][span] for money in funds for kind in (MoneyKind.PREPAID, MoneyKind.PAID))
        for span in ("period", "year")
    }
    return {
        "code": code,
        "name": row["name"],
        "stage": row["stage"],
        "stage_label": stage_label(Stage(row["stage"]), Route(row["route"])),
        "planned": sum(money["planned"] for money in funds),
        "given_in_period": given["period"],
        "given_in_year": given["year"],
        "expected": sum(money["expected"] for money in funds),
        "accepted": {span: _accepted(row.get("targets", {}), span) for span in ("period", "year")},
    }


def _accepted(targets: Mapping[str, Any], span: str) -> str:
    return ", ".join(f"{code}={numbers[span]}" for code, numbers in sorted(targets.items()) if numbers[span])


def difficulty_rows(body: Mapping[str, Any]) -> list[dict[str, str]]:
    """What stood in the way of which project on the last day."""
    return [
        {"code": code, "name": row["name"], **found}
        for code, row in sorted(body["figures"]["projects"].items())
        for _, found in sorted(row.get("difficulties", {}).items())
    ]
