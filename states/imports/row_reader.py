"""Reads the rows below the head of a register: what each wants, and which of its cells cannot be taken."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial

from states.activities import read_activity
from states.folding import fold, quoted
from states.imports.alike import Alike
from states.imports.cells import Span, read_count, read_line, read_money, read_span, read_year, says_nothing
from states.imports.head_words import Field
from states.imports.heads import Column, Head, Value
from states.imports.known import (
    Gazette,
    Known,
    NewFirm,
    PlaceName,
    ProgrammeNames,
    activity_of,
    find_firm,
    find_unit,
    read_tax_code,
)
from states.imports.layout import Listed, content_of
from states.imports.old_rows import read_end_of
from states.imports.row_cells import Cells, several
from states.imports.wanted import Defaults, Trouble, Wanted
from states.reading import read_code, read_labelled, read_quantity
from states.refusal import Refused
from states.vocabulary import STATE_FUND, Kind, Route, Source

#: Columns of the project that hold what one cell says, and how it is read.
_LINES = (*(Field.NAME, Field.EQUIPMENT, Field.PARTNER, Field.OBJECTIVES, Field.SCOPE, Field.EXPECTED_EFFECT),)
_MONEY = {
    Field.NATIONAL_FUND: Source.NATIONAL_FUND,
    Field.LOCAL_FUND: Source.LOCAL_FUND,
    Field.COUNTERPART: Source.COUNTERPART,
}


class RowReader:
    """Reads the rows below one head; what was looked up once is not looked up again."""

    def __init__(
        self, head: Head, known: Known, programme: ProgrammeNames, defaults: Defaults, *, are_old: bool = False
    ) -> None:
        self._head, self._known, self._programme, self._defaults = head, known, programme, defaults
        self._are_old = are_old
        self._gazette = Gazette(known.places)
        self._alike: Alike | None = None
        self._columns: dict[Field, Column] = {
            column.field: column for column in head.columns if column.field is not Field.TARGET
        }
        self._targets = [column for column in head.columns if column.field is Field.TARGET]
        self._units: dict[str, tuple[str, str] | Refused] = {}
        self._spans: dict[tuple[str, int | None], Span] = {}

    def read(self, listed: Listed) -> Wanted:
        """Read one row; whatever is wrong becomes a trouble of its cell."""
        wanted = Wanted(listed.row)
        cells = Cells(self._columns, listed.cells, wanted)
        wanted.code = cells.read(Field.CODE, lambda value: read_code(str(value)))
        if Field.CODE in self._columns:
            wanted.places["code"] = self._columns[Field.CODE].index
        for name in _LINES:
            text = cells.read(name, partial(read_line, what=name.label))
            if text is not None:
                cells.put(name, str(name), text)
        self._read_year(cells, wanted)
        self._read_content(cells, wanted, listed)
        self._read_money(cells, wanted, listed)
        self._read_activity(cells, wanted)
        self._read_unit(cells, wanted)
        self._read_days(cells, wanted)
        self._read_place(cells, wanted)
        self._read_firms(cells, wanted)
        self._read_targets(cells, wanted, listed)
        self._read_forecast(cells)
        self._find_lacking(wanted)
        if self._are_old:
            read_end_of(cells, wanted)
        return wanted

    def _read_year(self, cells: Cells, wanted: Wanted) -> None:
        told = cells.read(Field.PLAN_YEAR, read_year)
        if told is not None:
            wanted.places["plan_year"] = self._columns[Field.PLAN_YEAR].index
        coded = int(wanted.code.split("-")[-2]) if wanted.code else None
        wanted.plan_year = told or coded or self._defaults.plan_year or self._head.year

    def _read_content(self, cells: Cells, wanted: Wanted, listed: Listed) -> None:
        contents = self._programme.contents
        value = cells.value(Field.CONTENT)
        if value is None:
            wanted.content = listed.content or self._defaults.content
            return
        wanted.places["content"] = self._columns[Field.CONTENT].index
        wanted.content = content_of(str(value), contents)
        if wanted.content is None:
            listed_contents = ", ".join(f"{no} ({name})" for no, name in contents.items())
            cells.fail(Field.CONTENT, f"Nội dung {quoted(str(value))} không rõ; hãy ghi số: {listed_contents}.")

    def _read_money(self, cells: Cells, wanted: Wanted, listed: Listed) -> None:
        given = {
            source: amount
            for name, source in _MONEY.items()
            if (amount := cells.read(name, partial(read_money, scale=cells.scale(name)))) is not None
        }
        for name, source in _MONEY.items():
            if source in given:
                wanted.places[str(source)] = self._columns[name].index
        support = cells.read(Field.SUPPORT, lambda value: read_money(value, cells.scale(Field.SUPPORT)))
        wanted.route = self._route(cells, given) or listed.route or self._defaults.route
        funds = [source for source in STATE_FUND.values() if given.get(source)]
        if len(funds) > 1:
            cells.fail(
                Field.NATIONAL_FUND,
                "Một đề án chỉ dùng một nguồn khuyến công, KC quốc gia hoặc địa phương; hãy tách đề án.",
            )
        elif support is not None and funds and support != given[funds[0]]:
            cells.fail(Field.SUPPORT, "Kinh phí hỗ trợ khác số ở cột nguồn khuyến công; hãy kiểm tra hai ô.")
        elif support is not None and not funds and wanted.route:
            given[STATE_FUND[wanted.route]] = support
            wanted.places[str(STATE_FUND[wanted.route])] = self._columns[Field.SUPPORT].index
        own = STATE_FUND.get(wanted.route) if wanted.route else None
        wanted.amounts = {s: a for s, a in given.items() if a or s in (own, Source.COUNTERPART)}
        total = cells.read(Field.TOTAL_COST, lambda value: read_money(value, cells.scale(Field.TOTAL_COST)))
        if total is not None:
            cells.put(Field.TOTAL_COST, "total_cost", total)
            if wanted.amounts and total != sum(wanted.amounts.values()) and len(wanted.amounts) > 1:
                wanted.notes.append("Tổng kinh phí khác tổng các nguồn của dòng này; hãy kiểm tra.")

    def _route(self, cells: Cells, given: Mapping[Source, int]) -> Route | None:
        value = cells.value(Field.ROUTE)
        if value is not None:
            words = fold(str(value))
            told = [route for route, signs in _ROUTES.items() if signs.search(words)]
            if len(told) == 1:
                cells.wanted.places["route"] = self._columns[Field.ROUTE].index
                return told[0]
            cells.fail(Field.ROUTE, f"Tuyến {quoted(str(value))} không rõ; hãy ghi «KC địa phương» hoặc «KC quốc gia».")
            return None
        # A cell that holds something else than an amount tells the route all the same.
        spoken = {source for name, source in _MONEY.items() if cells.value(name) is not None and given.get(source) != 0}
        funds = [route for route, source in STATE_FUND.items() if source in spoken]
        return funds[0] if len(funds) == 1 else None

    def _read_activity(self, cells: Cells, wanted: Wanted) -> None:
        told = cells.read(Field.ACTIVITY, lambda value: str(read_activity(str(value))))
        if told is not None:
            cells.put(Field.ACTIVITY, "activity", told)
        elif cells.value(Field.ACTIVITY) is None and wanted.code is None:
            guessed = None if self._defaults.activity else activity_of(wanted.name)
            if guessed is not None:
                wanted.notes.append(f"Hoạt động được hiểu theo tên: {guessed.label}.")
            if self._defaults.activity or guessed:
                wanted.values["activity"] = self._defaults.activity or str(guessed)
        kind = cells.read(Field.KIND, _read_kind)
        if kind is not None:
            cells.put(Field.KIND, "kind", str(kind))

    def _read_unit(self, cells: Cells, wanted: Wanted) -> None:
        value = cells.value(Field.UNIT)
        if value is None:
            wanted.unit = self._defaults.unit or None
            return
        wanted.places["unit"] = self._columns[Field.UNIT].index
        text = " ".join(str(value).split())
        if text not in self._units:
            try:
                self._units[text] = find_unit(text, self._known.units)
            except Refused as refused:
                self._units[text] = refused
        found = self._units[text]
        if isinstance(found, Refused):
            cells.fail(Field.UNIT, *found.reasons)
            return
        wanted.unit, note = found
        if note:
            wanted.notes.append(f"{note}.")

    def _read_days(self, cells: Cells, wanted: Wanted) -> None:
        def span(value: Value) -> Span:
            return self._span(value, wanted.plan_year)

        for name, columns in _DAYS.items():
            found = cells.read(name, span)
            if found is None:
                continue
            if found.note:
                wanted.notes.append(f"{found.note}.")
            for column in columns:
                cells.put(name, column, found.first if column == "starts_on" else found.last)
        first, last = wanted.values.get("starts_on"), wanted.values.get("ends_on")
        if first and last and first > last:
            cells.fail(
                Field.ENDS_ON if Field.ENDS_ON in self._columns else Field.PERIOD, "Ngày kết thúc trước ngày bắt đầu."
            )

    def _span(self, value: Value, year: int | None) -> Span:
        """What a cell says of time; a list says the same few quarters on each of its rows."""
        if not isinstance(value, str):
            return read_span(value, year)
        if (value, year) not in self._spans:
            self._spans[value, year] = read_span(value, year)
        return self._spans[value, year]

    def _read_place(self, cells: Cells, wanted: Wanted) -> None:
        on = wanted.values.get("starts_on") or date(wanted.plan_year or 2000, 1, 1)
        found = cells.read(Field.PLACE, lambda value: self._gazette.find(read_line(value, "địa điểm"), on))
        if found is not None:
            place, note = found
            cells.put(Field.PLACE, "place_id", place.id)
            if wanted.plan_year and not self._are_old and _ended_before(place, date(wanted.plan_year, 1, 1)):
                # A project that stands keeps its place; a new one cannot lie where nothing was all through its year.
                heirs = "; ".join(place.heirs) or "tên hiện nay"
                sentence = (
                    f"{place.kind} {place.name} không còn từ trước năm kế hoạch {wanted.plan_year}; hãy ghi: {heirs}."
                )
                wanted.lacking.append(Trouble(self._columns[Field.PLACE].index, _begin(sentence)))
            if note:
                wanted.notes.append(f"{note}.")

    def _read_firms(self, cells: Cells, wanted: Wanted) -> None:
        name, code = cells.value(Field.BENEFICIARY), cells.value(Field.TAX_CODE)
        if name is None and code is None:
            return
        owner = Field.BENEFICIARY if Field.BENEFICIARY in self._columns else Field.TAX_CODE
        wanted.places["beneficiaries"] = self._columns[owner].index
        names = [" ".join(part.split()) for part in several(name)] or [""]
        codes: list[Value] = list(several(code)) if isinstance(code, str) else [code] if code is not None else []
        if codes and len(codes) != len(names):
            cells.fail(
                Field.TAX_CODE, f"Có {len(names)} đơn vị thụ hưởng và {len(codes)} mã số thuế; hãy ghi đủ, cùng thứ tự."
            )
            return
        found: list[int | NewFirm] = []
        for number, one in enumerate(names):
            try:
                tax_code = read_tax_code(codes[number]) if codes else None
            except Refused as refused:
                cells.fail(Field.TAX_CODE, *refused.reasons)
                continue
            try:
                found.append(find_firm(read_line(one, "đơn vị thụ hưởng") if one else "", tax_code, self._known))
            except Refused as refused:
                cells.fail(owner, *refused.reasons)
        wanted.beneficiaries = tuple(dict.fromkeys(one for one in found if isinstance(one, int)))
        wanted.fresh = tuple(dict.fromkeys(self._offered(one) for one in found if isinstance(one, NewFirm)))
        for firm in wanted.fresh:
            told = f"mã số thuế {firm.tax_code}" if firm.tax_code else "chưa có mã số thuế"
            wanted.notes.append(f"Ghi mới đơn vị thụ hưởng {quoted(firm.name)}, {told}.")

    def _offered(self, firm: NewFirm) -> NewFirm:
        """A firm without a tax code, with the known ones that its name may mean."""
        if firm.tax_code:
            return firm
        if self._alike is None:
            self._alike = Alike(self._known.beneficiaries)
        return replace(firm, alike=self._alike.find(firm.name))

    def _read_targets(self, cells: Cells, wanted: Wanted, listed: Listed) -> None:
        planned: dict[str, int] = {}
        told = cells.read(Field.TARGET, lambda value: self._targets_told(str(value)))
        if told:
            planned |= told
            wanted.places["targets"] = self._columns[Field.TARGET].index
        for column in self._targets:
            value = listed.cells.get(column.index)
            if says_nothing(value):
                continue
            wanted.places.setdefault("targets", column.index)
            try:
                planned[column.target] = read_count(value)
            except Refused as refused:
                wanted.troubles += [Trouble(column.index, reason) for reason in refused.reasons]
        wanted.targets = planned or None

    def _targets_told(self, text: str) -> dict[str, int]:
        """Read "T2_2=1; T2_1: 2"."""
        planned: dict[str, int] = {}
        for part in several(text):
            code, mark, quantity = part.replace(":", "=").partition("=")
            if not mark or code.strip().upper() not in self._programme.targets:
                known = ", ".join(self._programme.targets)
                raise Refused(f"Chỉ tiêu {quoted(part)} không rõ; hãy ghi như T2_2=1, các chỉ tiêu: {known}.")
            planned[code.strip().upper()] = read_quantity(quantity)
        return planned

    def _read_forecast(self, cells: Cells) -> None:
        jobs = cells.read(Field.EXPECTED_JOBS, read_count)
        if jobs is not None:
            cells.put(Field.EXPECTED_JOBS, "expected_jobs", jobs)
        revenue = cells.read(
            Field.EXPECTED_REVENUE, lambda value: read_money(value, cells.scale(Field.EXPECTED_REVENUE))
        )
        if revenue is not None:
            cells.put(Field.EXPECTED_REVENUE, "expected_revenue", revenue)

    def _find_lacking(self, wanted: Wanted) -> None:
        """What a new project needs; each sentence names the column to add or what to choose instead."""
        needs = (
            ("name", wanted.name, "Thiếu tên đề án; hãy ghi vào cột tên."),
            (
                "plan_year",
                wanted.plan_year,
                "Chưa rõ năm kế hoạch; hãy thêm cột «Năm» hoặc chọn năm khi nhập (--year).",
            ),
            (
                "content",
                wanted.content,
                "Chưa rõ nội dung; hãy thêm cột «Nội dung» (1, 2 …) hoặc chọn khi nhập (--content).",
            ),
            ("route", wanted.route, "Chưa rõ tuyến; hãy thêm cột «Tuyến» hoặc chọn khi nhập (--route)."),
            (
                "unit",
                wanted.unit,
                "Chưa rõ đơn vị thực hiện; hãy thêm cột «Đơn vị thực hiện» hoặc chọn khi nhập (--unit).",
            ),
            (
                "activity",
                wanted.values.get("activity"),
                "Chưa rõ hoạt động; hãy thêm cột «Hoạt động» hoặc chọn khi nhập (--activity).",
            ),
        )
        failed = {trouble.column for trouble in wanted.troubles}
        for name, value, sentence in needs:
            column = self._columns[Field(name)].index if Field(name) in self._columns else None
            if name == "activity" and not wanted.name:
                continue
            if value in (None, "") and (column is None or column not in failed):
                wanted.lacking.append(Trouble(column, sentence))


def _ended_before(place: PlaceName, day: date) -> bool:
    return place.valid_to is not None and place.valid_to < day


def _begin(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


_DAYS = {Field.PERIOD: ("starts_on", "ends_on"), Field.STARTS_ON: ("starts_on",), Field.ENDS_ON: ("ends_on",)}
#: Whole words: the lists of this system say "ĐP" and "QG".
_ROUTES = {
    Route.NATIONAL: re.compile(r"\b(?:quoc gia|kcqg|qg|trung uong|tw|national)\b"),
    Route.LOCAL: re.compile(r"\b(?:dia phuong|kcdp|dp|tinh|local)\b"),
}


def _read_kind(value: Value) -> Kind:
    words = fold(str(value)).removeprefix("de an ").strip()
    for kind, sign in ((Kind.ORDINARY, "thuong"), (Kind.GROUP, "nhom"), (Kind.MODEL, "diem")):
        if words == sign:
            return kind
    return read_labelled(Kind, str(value), "loại đề án")
