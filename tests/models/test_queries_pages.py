"""Pages of lists: every order walked both ways is the whole list once; totals and lives are those of its rows."""

from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Any

import pytest

from models.loading import load_person
from models.queries.projects import rows_of
from models.queries.projects_orders import Order, Sort
from models.queries.projects_pages import narrowed, page_of
from models.queries.projects_sought import Conditions, Due, Sought, conditions, readable_ids
from models.queries.projects_sums import count_of, exact_count_of, now_of, sums_of
from models.queries.projects_timeline import Span, lives_of
from states.folding import fold, sort_key
from states.refusal import Refused
from states.vocabulary import Route, Source, Stage, State

TRIEU = 1_000_000
TODAY = date(2024, 2, 11)
SORTS = [Sort(order, down) for order, down in product(Order, (False, True))]
PLACE, OTHER_PLACE = "vlm-p-long-chau", "vlm-p-thanh-duc"


def crowded(office: Any) -> list[str]:
    """Two dozen projects in several stages, on both routes, of both units; some alike in name and amount."""
    codes = []
    for number in range(24):
        route = Route.NATIONAL if number % 3 == 0 else Route.LOCAL
        unit, by = ("hoi", "yen") if number % 4 == 0 else ("ttkc", "an")
        fund = Source.NATIONAL_FUND if route is Route.NATIONAL else Source.LOCAL_FUND
        codes.append(
            office.open(
                by=by,
                name=f"{('Máy ép', 'Máy ăn', 'máy âm', 'Mây tre', 'Đồ gốm')[number % 5]} {number % 2}",
                route=route,
                unit=unit,
                plan_year=2024 + number % 2,
                place=PLACE if number % 2 else OTHER_PLACE,
                amounts={fund: (100 + number % 7) * TRIEU, Source.COUNTERPART: 350 * TRIEU},
                beneficiaries=(office.workshop(f"Cơ sở {number}"),),
            )
        )
    for number, stage in _BROUGHT.items():
        office.bring(codes[number], stage)
    office.step(codes[2], "return", "binh", number="2", note="Thiếu", missing=("estimate",))
    return codes


_BROUGHT = {
    1: Stage.SUBMITTED,
    2: Stage.SUBMITTED,
    3: Stage.APPRAISING,
    5: Stage.SETTLED,
    7: Stage.CLEARED,
    10: Stage.UNDERWAY,
}


def conditions_of(session: Any, sought: Sought, reader: str | None = None) -> Conditions:
    person = load_person(session, reader) if reader else None
    return conditions(session, sought, reader=person, today=TODAY)


def walked(session: Any, found: Conditions, sort: Sort, limit: int, is_short: bool) -> tuple[list[int], list[int]]:
    """All ids page by page to the end, and page by page back again."""
    onward, page = [], page_of(session, found, sort, limit=limit, is_short=is_short)
    while True:
        onward += page.ids
        last = page
        if not page.after:
            break
        page = page_of(session, found, sort, limit=limit, after=page.after, is_short=is_short)
    back = list(last.ids)
    while last.before:
        last = page_of(session, found, sort, limit=limit, before=last.before, is_short=is_short)
        back = last.ids + [id_ for id_ in back if id_ not in last.ids]
    return onward, back


def in_order(rows: list[dict[str, Any]], sort: Sort) -> Iterator[str]:
    """What the order says, told by the rows themselves."""
    for row in rows:
        due = row["deadline"] and row["deadline"]["safe_on"]
        yield {
            Order.CODE: row["code"],
            Order.NAME: sort_key(row["name"]),
            Order.AMOUNT: row["amount"],
            Order.MOVED: row["moved_at"],
            Order.DEADLINE: due,
        }[sort.by]


@pytest.mark.parametrize("is_short", [True, False], ids=["sorted", "walked"])
def test_every_order_walked_both_ways_is_the_whole_list_once(office_on_both: Any, is_short: bool) -> None:
    codes = crowded(office_on_both)

    with office_on_both.store.read() as session:
        found = conditions_of(session, Sought())
        for sort in SORTS:
            onward, back = walked(session, found, sort, 5, is_short)
            rows = rows_of(session, onward, today=TODAY)
            keys = list(in_order(rows, sort))
            dated = [key for key in keys if key]

            assert sorted(row["code"] for row in rows) == sorted(codes)
            assert back == onward
            assert dated == sorted(dated, reverse=sort.down)
            assert keys == dated + [None] * (len(keys) - len(dated))


FILTERS = {
    "state": Sought(state=State.PROPOSED),
    "state_of_ends": Sought(state=State.SETTLED),
    "stage": Sought(stage=Stage.DRAFT),
    "stage_of_another_state": Sought(state=State.SETTLED, stage=Stage.DRAFT),
    "year": Sought(year=2025),
    "programme": Sought(programme="KC-VL-2021-2025"),
    "route": Sought(route=Route.NATIONAL, content=2),
    "unit": Sought(unit="hoi"),
    "place": Sought(place=PLACE),
    "province": Sought(place="vlm"),
    "words": Sought(words="may am"),
    "words_of_a_firm": Sought(words="co so 7"),
    "short_words": Sought(words="e 1"),
    "overdue": Sought(deadline=Due.OVERDUE),
    "soon": Sought(deadline=Due.AHEAD),
    "no_deadline": Sought(deadline=Due.NONE),
    "everything_at_once": Sought(
        year=2025, words="may", deadline=Due.NONE, stage=Stage.DRAFT, unit="ttkc", route=Route.LOCAL
    ),
}


@pytest.mark.parametrize("sought", FILTERS.values(), ids=FILTERS)
def test_every_way_of_reading_a_filtered_list_finds_the_same(office: Any, sought: Sought) -> None:
    crowded(office)
    _same_in_every_way(office, sought)


@pytest.mark.postgres
def test_every_way_of_reading_finds_the_same_on_postgresql(postgres_office: Any) -> None:
    crowded(postgres_office)
    for sought in FILTERS.values():
        _same_in_every_way(postgres_office, sought)


def _same_in_every_way(office: Any, sought: Sought) -> None:
    with office.store.read() as session:
        wide = conditions_of(session, sought)
        wanted = _by_hand(session, sought)
        for sort in SORTS:
            few = narrowed(session, wide)
            for found, is_short in ((wide, True), (wide, False), (few, True), (few, False)):
                onward, back = walked(session, found, sort, 4, is_short)
                assert (sorted(onward), back) == (wanted, onward)
        for found in (wide, narrowed(session, wide)):
            count = count_of(session, found)
            assert (count.n, count.is_exact, exact_count_of(session, found).n) == (len(wanted), True, len(wanted))
            rows = rows_of(session, wanted)
            assert now_of(session, found) == sum(row["amount"] for row in rows)
            funds = [row for row in sums_of(session, found).by_source if row["source"] != Source.COUNTERPART]
            assert sum(row["asked"] for row in funds) == sum(row["asked"] for row in rows)


def _by_hand(session: Any, sought: Sought) -> list[int]:
    """The ids of those rows that fit, each told by what it shows."""
    ids = page_of(session, conditions_of(session, Sought()), Sort(Order.CODE), limit=100).ids
    rows = dict(zip(ids, rows_of(session, ids, today=TODAY), strict=True))
    fits = {
        "state": lambda row, wanted: row["state"] == wanted,
        "stage": lambda row, wanted: row["stage"] == wanted,
        "year": lambda row, wanted: row["plan_year"] == wanted,
        "programme": lambda row, wanted: row["programme"] == wanted,
        "route": lambda row, wanted: row["route"] == wanted,
        "content": lambda row, wanted: row["content"] == wanted,
        "unit": lambda row, wanted: row["unit"] == wanted,
        "place": lambda row, wanted: wanted in (row["place"], "vlm"),
        "words": _has_words,
        "deadline": _is_due,
    }
    asked = {name: getattr(sought, name) for name in fits if getattr(sought, name) is not None}
    return sorted(id_ for id_, row in rows.items() if all(fits[name](row, wanted) for name, wanted in asked.items()))


def _has_words(row: dict[str, Any], wanted: str) -> bool:
    number = int(row["code"].rsplit("-", 1)[1]) - 1
    # Codes are numbered within their year: the firm has the number in which both years are counted.
    firm = f"co so {number * 2 + row['plan_year'] - 2024}"
    return all(word in fold(f"{row['code']} {row['name']}") or word in firm for word in wanted.split())


def _is_due(row: dict[str, Any], wanted: Due) -> bool:
    due = row["deadline"]
    if wanted is Due.NONE:
        return due is None
    left = due and due["workdays_left"]
    if left is None:
        return False
    return bool(left < 0 if wanted is Due.OVERDUE else 0 <= left <= 7)


def test_reader_never_finds_what_is_hidden(office_on_both: Any) -> None:
    office = office_on_both
    crowded(office)
    seen: dict[str, set[str]] = {}

    for reader in ("an", "yen", "hanh", "binh"):
        with office.store.read() as session:
            person = load_person(session, reader)
            rows = rows_of(session, page_of(session, conditions_of(session, Sought(), reader), SORTS[0], limit=100).ids)
            seen[reader] = {row["code"] for row in rows}
            for sort in SORTS:
                found = narrowed(session, conditions_of(session, Sought(words="co so"), reader))
                assert set(walked(session, found, sort, 5, False)[0]) <= set(
                    readable_ids(session, sorted(seen[reader]), reader=person).values()
                )
            assert {row["unit"] for row in rows} == {"an": {"ttkc"}, "yen": {"hoi"}}.get(
                reader, {row["unit"] for row in rows}
            )
            everything = list(seen["an"])
            assert set(readable_ids(session, everything, reader=person)) == seen[reader] & set(everything)
            assert count_of(session, conditions_of(session, Sought(), reader)).n == len(rows)

    assert seen["an"] | seen["yen"] == seen["binh"]
    assert 0 < len(seen["hanh"]) < 6


@pytest.mark.parametrize("place", ["x", "1~2~3~4", "a~b~c", "1~2~99999999999999999999", "none~1", "~~", "\x00~1~1"])
@pytest.mark.parametrize("order", [Order.CODE, Order.DEADLINE, Order.MOVED, Order.AMOUNT])
def test_place_that_is_none_is_refused(office: Any, order: Order, place: str) -> None:
    office.open()

    with office.store.read() as session, pytest.raises(Refused, match="hãy mở lại danh sách"):
        page_of(session, conditions_of(session, Sought()), Sort(order), limit=5, after=place)


def test_rerouted_project_stands_once_by_its_fund_of_now(office: Any) -> None:
    code = office.bring(office.open(route=Route.NATIONAL), Stage.APPRAISED)
    office.step(code, "reroute", "chi", number="4", note="Cục chưa bố trí vốn")
    other = office.open(name="Khác", amounts={Source.LOCAL_FUND: 10 * TRIEU}, beneficiaries=())

    with office.store.read() as session:
        for is_short in (True, False):
            page = page_of(session, conditions_of(session, Sought()), Sort(Order.AMOUNT), limit=5, is_short=is_short)
            assert [row["code"] for row in rows_of(session, page.ids)] == [other, code]


# --- lives --------------------------------------------------------------------------------------------


def test_life_tells_when_each_milestone_was_reached(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(), Stage.SETTLED)
    rejected = office.bring(office.open(beneficiaries=(office.workshop("Khác"),)), Stage.APPRAISING)
    office.step(rejected, "fail_appraisal", "chi", number="3", signer="Lê Minh Chi", note="Sai")
    draft = office.open(beneficiaries=())

    with office.store.read() as session:
        ids = readable_ids(session, [code, rejected, draft], reader=None)
        lives = lives_of(session, list(ids.values()))

    settled, ended, open_draft = (lives[ids[each]] for each in (code, rejected, draft))
    assert [span.state for span in settled.spans] == [None, *State]
    assert all(span.until is None or span.since <= span.until for span in settled.spans)
    assert [span.until for span in settled.spans[:-1]] == [span.since for span in settled.spans[1:]]
    assert settled.reached(State.SETTLED) == settled.ended_on
    assert [span.state for span in ended.spans] == [None, State.PROPOSED]
    assert (ended.ended_on, ended.deadlines) == (ended.spans[-1].until, [])
    assert open_draft.spans == [Span(None, office.today, None)]


def test_life_forgets_a_step_that_was_taken_back(office: Any) -> None:
    code = office.bring(office.open(), Stage.APPRAISING)
    office.step(code, "pass_appraisal", "chi", number="3", signer="Lê Minh Chi")
    office.step(code, "revert", "chau", number="4", note="Ghi nhầm đề án")

    with office.store.read() as session:
        [id_] = readable_ids(session, [code], reader=None).values()
        life = lives_of(session, [id_])[id_]

    assert life.reached(State.APPRAISED) is None
    assert [span.state for span in life.spans] == [None, State.PROPOSED]
