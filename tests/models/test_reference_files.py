"""The reference files: sums as printed, places that lead on, a demonstration inside the rules."""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from states.vocabulary import Authority, Kind, Role, Route, Source

REFERENCE = Path(__file__).parents[2] / "models" / "reference"
FILES = sorted(REFERENCE.rglob("*.yaml"))
TRIEU = 1_000_000
LAST_OLD_DAY, FIRST_NEW_DAY = date(2025, 6, 30), date(2025, 7, 1)
SOURCES = [source.value for source in Source]

Row = dict[str, Any]


def read(name: str) -> Row:
    loaded: Row = yaml.safe_load((REFERENCE / name).read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def decision() -> Row:
    return read("programmes/vinh-long-2021-2025.yaml")


@pytest.fixture(scope="module")
def successor_programme() -> Row:
    return read("programmes/vinh-long-2026-2030.yaml")


@pytest.fixture(scope="module")
def places() -> dict[str, Row]:
    return {unit["code"]: unit for unit in read("places.yaml")["units"]}


@pytest.fixture(scope="module")
def demonstration() -> Row:
    return read("demonstration.yaml")


@pytest.fixture(scope="module")
def projects(demonstration: Row) -> list[Row]:
    """Each project with what it takes over from its series."""
    return [
        {"quantity": 1, **{key: value for key, value in series.items() if key != "projects"}, **row}
        for series in demonstration["series"]
        for row in series["projects"]
    ]


def texts(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from texts(key)
            yield from texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value)


def keys(node: object) -> Iterator[object]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from keys(value)
    elif isinstance(node, list):
        for value in node:
            yield from keys(value)


def valid_on(unit: Row, day: date) -> bool:
    return (unit["valid_from"] or date.min) <= day <= (unit["valid_to"] or date.max)


# --- every file ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_file_text_is_nfc(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert text == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_file_keys_are_words_because_yaml_reads_no_and_on_as_booleans(path: Path) -> None:
    loaded = yaml.safe_load(path.read_text(encoding="utf-8"))

    assert [key for key in keys(loaded) if not isinstance(key, str)] == []
    assert loaded["schema_version"] == 1


# --- programmes ---------------------------------------------------------------------------------------


def test_decision_contents_sum_to_their_printed_totals(decision: Row) -> None:
    added = {group["code"]: sum(group["budget"][s] for s in SOURCES) for group in decision["content_groups"]}

    assert added == {group["code"]: group["budget"]["total_printed"] for group in decision["content_groups"]}


def test_decision_sources_sum_to_section_iv(decision: Row) -> None:
    groups, printed = decision["content_groups"], decision["totals_printed"]
    added = {source: sum(group["budget"][source] for group in groups) for source in SOURCES}

    assert added == {"national_fund": 9_400, "local_fund": 23_320, "counterpart": 42_255}
    assert {source: printed[source] for source in SOURCES} == added
    assert printed["state_budget"] == added["national_fund"] + added["local_fund"] == 32_720
    assert printed["grand_total"] == sum(added.values()) == 74_975


def test_decision_has_8_contents_with_21_numbered_and_2_unnumbered_targets(decision: Row) -> None:
    targets = [target for group in decision["content_groups"] for target in group["targets"]]

    assert [group["number"] for group in decision["content_groups"]] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert len({target["code"] for target in targets}) == len(targets) == 23
    assert [target["code"] for target in targets if target["quantity"] is None] == ["T7_1", "T8_3"]
    assert {t["code"]: [t["unit"], *t["unit_aliases"]] for t in targets if "unit_aliases" in t} == {
        "T5_2": ["số", "lượt"]
    }


def test_decision_national_money_stands_in_contents_2_3_and_6_only(decision: Row) -> None:
    funded = [g["number"] for g in decision["content_groups"] if g["budget"]["national_fund"]]

    assert funded == [2, 3, 6]


def test_successor_programme_reconciles_without_a_split(successor_programme: Row) -> None:
    money, printed = successor_programme["unallocated_budget"], successor_programme["totals_printed"]

    assert successor_programme["verified"] is False
    assert successor_programme["computed"] == ["counterpart"]
    assert money == {source: printed[source] for source in money}
    assert money == {"national_fund": 22_600, "local_fund": 93_480, "counterpart": 259_520}
    assert sum(money.values()) == printed["grand_total"] == 375_600


def test_successor_programme_targets_are_ranges_without_content(successor_programme: Row) -> None:
    ranges = [(t["quantity_min"], t["quantity_max"]) for t in successor_programme["unallocated_targets"]]

    assert successor_programme["content_groups"] == []
    assert ranges == [(300, 400), (10, 20), (2, 2), (3, 3), (50, 100), (10, 15)]


@pytest.mark.parametrize("name", ["vinh-long-2021-2025.yaml", "vinh-long-2026-2030.yaml"])
def test_programme_belongs_to_the_province_of_its_period(name: str, places: dict[str, Row]) -> None:
    programme = read(f"programmes/{name}")["programme"]

    province = places[programme["province_code"]]

    assert province["name"] == programme["province"]
    assert valid_on(province, date(programme["period"]["start_year"], 1, 1))


@pytest.mark.parametrize("name", ["vinh-long-2021-2025.yaml", "vinh-long-2026-2030.yaml"])
def test_programme_names_every_source_once(name: str) -> None:
    sources = read(f"programmes/{name}")["funding_sources"]

    assert {s["code"]: (s["alias"], s["state_budget"]) for s in sources} == {
        "local_fund": ("KCDP", True),
        "national_fund": ("KCQG", True),
        "counterpart": ("DOI_UNG", False),
    }


# --- places -------------------------------------------------------------------------------------------


def test_places_count_by_level_and_side_of_the_merger(places: dict[str, Row]) -> None:
    counts = Counter((unit["level"], unit["valid_from"] == FIRST_NEW_DAY) for unit in places.values())

    assert counts == {
        ("province", False): 3,
        ("province", True): 1,
        ("district", False): 8,
        ("commune", False): 107,
        ("commune", True): 35,
    }
    assert len(read("places.yaml")["units"]) == len(places)


def test_places_stand_under_a_parent_of_their_time(places: dict[str, Row]) -> None:
    levels = {
        (unit["level"], places[unit["parent"]]["level"] if unit["parent"] else None, bool(unit["valid_from"]))
        for unit in places.values()
    }
    strangers = [
        code
        for code, unit in places.items()
        if unit["parent"] and not valid_on(places[unit["parent"]], unit["valid_from"] or unit["valid_to"])
    ]

    assert levels == {
        ("province", None, False),
        ("province", None, True),
        ("district", "province", False),
        ("commune", "district", False),
        ("commune", "province", True),
    }
    assert strangers == []


def test_places_successors_are_valid_the_day_after(places: dict[str, Row]) -> None:
    broken = [
        (code, heir)
        for code, unit in places.items()
        for heir in unit["successors"]
        if not valid_on(places[heir], unit["valid_to"] + timedelta(days=1))
    ]

    assert broken == []


def test_places_end_either_with_the_merger_or_with_the_unions_of_2024(places: dict[str, Row]) -> None:
    ends = Counter(unit["valid_to"] for unit in places.values())

    assert ends == {LAST_OLD_DAY: 3 + 8 + 102, date(2024, 10, 31): 5, None: 1 + 35}


def test_places_every_old_commune_leads_on_and_every_new_one_comes_from_somewhere(
    places: dict[str, Row],
) -> None:
    communes = {code: unit for code, unit in places.items() if unit["level"] == "commune"}
    dead_ends = [code for code, unit in communes.items() if unit["valid_to"] and not unit["successors"]]
    heirs = {heir for unit in communes.values() for heir in unit["successors"]}

    assert dead_ends == []
    assert {code for code, unit in communes.items() if unit["valid_from"]} - heirs == set()


def test_places_split_units_are_the_five_known_ones(places: dict[str, Row]) -> None:
    split = {code for code, unit in places.items() if len(unit["successors"]) > 1}

    assert split == {"vl-p-cai-von", "vl-p-thanh-phuoc", "vl-x-ngai-tu", "vl-tt-tam-binh", "vl-tt-tra-on"}


def test_places_kinds_fit_their_level_and_bases_are_explained(places: dict[str, Row]) -> None:
    kinds = {
        "province": {"tỉnh"},
        "district": {"thành phố", "thị xã", "huyện"},
        "commune": {"xã", "phường", "thị trấn"},
    }

    assert [code for code, unit in places.items() if unit["kind"] not in kinds[unit["level"]]] == []
    assert {unit["basis"] for unit in places.values()} == set(read("places.yaml")["bases"])
    assert [code for code, unit in places.items() if unit["level"] == "commune" and unit["verified"]] == []


def test_places_names_are_unique_within_their_parent(places: dict[str, Row]) -> None:
    named = Counter((unit["parent"], unit["kind"], unit["name"], unit["valid_to"]) for unit in places.values())

    assert [name for name, count in named.items() if count > 1 and name[0]] == []


# --- bodies -------------------------------------------------------------------------------------------


def test_bodies_of_one_authority_adjoin_without_gap(places: dict[str, Row]) -> None:
    rows: dict[str, list[Row]] = {}
    for body in read("bodies.yaml")["bodies"]:
        rows.setdefault(body["authority"], []).append(body)

    for bodies in rows.values():
        assert (bodies[0]["valid_from"], bodies[-1]["valid_to"]) == (None, None)
        for earlier, later in pairwise(bodies):
            assert later["valid_from"] == earlier["valid_to"] + timedelta(days=1)
    assert set(rows) == {*(authority.value for authority in Authority), "treasury"}
    assert {body["place"] for bodies in rows.values() for body in bodies} - {None} <= set(places)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2014, 3, 1), "Cục Công nghiệp địa phương"),
        (date(2020, 11, 12), "Cục Công Thương địa phương"),
        (date(2025, 9, 23), "Cục Đổi mới sáng tạo, Chuyển đổi xanh và Khuyến công"),
    ],
)
def test_bodies_give_the_name_of_the_day(day: date, name: str) -> None:
    agencies = [body for body in read("bodies.yaml")["bodies"] if body["authority"] == "agency"]

    assert [body["name"] for body in agencies if valid_on(body, day)] == [name]


# --- demonstration ------------------------------------------------------------------------------------


def rendered_name(project: Row, beneficiaries: dict[str, Row]) -> str:
    first = beneficiaries[project["beneficiaries"][0]]
    words = {**project, "trade": first["trade"], "beneficiary": first["name"]}
    name: str = project["name"].format(**words)
    return name


def ceiling(project: Row, activity: Row) -> int:
    by_percent: int = project["cost"] * activity["percent"] // 100
    if activity["cap"] is None:
        return by_percent
    times = project["quantity"] if activity.get("cap_per") == "quantity" else 1
    cap: int = activity["cap"] * times
    return min(by_percent, cap)


def test_demonstration_has_165_projects_of_which_32_national(demonstration: Row, projects: list[Row]) -> None:
    routes = Counter(project["route"] for project in projects)

    assert routes == {Route.LOCAL: 133, Route.NATIONAL: 32}
    assert demonstration["expected"] == {"projects": routes.total(), "national": routes[Route.NATIONAL]}
    assert {project["year"] for project in projects} == {2021, 2022, 2023, 2024, 2025}


def test_demonstration_supports_stay_within_the_ceilings(demonstration: Row, projects: list[Row]) -> None:
    activities = {activity["code"]: activity for activity in demonstration["activities"]}
    over = [p for p in projects if p["support"] > ceiling(p, activities[p["activity"]])]

    assert over == []
    assert [p for p in projects if not 0 < p["support"] <= p["cost"]] == []
    assert {type(p[key]) for p in projects for key in ("cost", "support", "quantity")} == {int}
    assert {p["activity"] for p in projects} == set(activities)


def test_demonstration_ceilings_are_those_of_the_circular(demonstration: Row) -> None:
    levels = {a["code"]: (a["percent"], a["cap"]) for a in demonstration["activities"] if a["cap"]}

    assert levels == {
        "demonstration_model": (30, 1_000 * TRIEU),
        "machinery": (50, 300 * TRIEU),
        "production_line": (50, 450 * TRIEU),
        "cleaner_production_model": (30, 500 * TRIEU),
        "product_selection": (100, 100 * TRIEU),
        "trademark": (50, 35 * TRIEU),
        "showroom": (50, 35 * TRIEU),
        "consulting": (50, 35 * TRIEU),
        "new_enterprise": (100, 10 * TRIEU),
        "packaging": (50, 35 * TRIEU),
        "association": (30, 50 * TRIEU),
        "cluster_planning": (50, 500 * TRIEU),
        "cluster_infrastructure": (30, 6_000 * TRIEU),
        "pollution_treatment": (30, 300 * TRIEU),
    }


def test_demonstration_never_exceeds_the_budget_of_a_content_and_fund(decision: Row, projects: list[Row]) -> None:
    spent: Counter[tuple[int, str]] = Counter()
    for project in projects:
        spent[project["content"], f"{project['route']}_fund"] += project["support"]
    budget = {
        (group["number"], fund): group["budget"][fund] * TRIEU
        for group in decision["content_groups"]
        for fund in ("local_fund", "national_fund")
    }

    assert [key for key, amount in spent.items() if amount > budget[key]] == []
    assert {content for content, fund in spent if fund == "national_fund"} == {2, 3, 6}
    assert 31_000 * TRIEU < spent.total() < 32_720 * TRIEU


def test_demonstration_misses_three_targets_as_planned(decision: Row, projects: list[Row]) -> None:
    planned: Counter[str] = Counter()
    for project in projects:
        planned[project["target"]] += project["quantity"]
    wanted = {t["code"]: t["quantity"] for g in decision["content_groups"] for t in g["targets"]}

    assert set(planned) == set(wanted)
    assert {code for code, number in wanted.items() if number and planned[code] < number} == {
        "T2_3",
        "T3_5",
        "T4_1",
    }


def test_demonstration_targets_belong_to_the_content_of_their_project(decision: Row, projects: list[Row]) -> None:
    content = {t["code"]: g["number"] for g in decision["content_groups"] for t in g["targets"]}

    assert [p["code"] for p in projects if content[p["target"]] != p["content"]] == []


def test_demonstration_beneficiaries_are_unique_and_all_used(demonstration: Row, projects: list[Row]) -> None:
    rows = demonstration["beneficiaries"]
    used = {code for project in projects for code in project["beneficiaries"]}

    for key in ("code", "name", "tax_code"):
        assert [value for value, count in Counter(row[key] for row in rows).items() if count > 1] == []
    assert [r["tax_code"] for r in rows if not (r["tax_code"].isdigit() and len(r["tax_code"]) == 10)] == []
    assert {row["tax_code"][:2] for row in rows} == {"99"}
    assert {row["kind"] for row in rows} == {
        "enterprise",
        "cooperative",
        "cooperative_group",
        "household",
        "service",
    }
    assert used == {row["code"] for row in rows}


def test_demonstration_places_exist_when_the_project_is_planned(
    demonstration: Row, projects: list[Row], places: dict[str, Row]
) -> None:
    home = {row["code"]: row["place"] for row in demonstration["beneficiaries"]}
    gone = [
        (project["year"], code)
        for project in projects
        for code in project["beneficiaries"]
        if not valid_on(places[home[code]], date(project["year"], 3, 31))
    ]

    assert gone == []
    assert {project["place"] for project in projects} == {None, "vl"}
    assert {places[code]["level"] for code in home.values()} == {"commune"}


def test_demonstration_project_names_render_and_are_unique(demonstration: Row, projects: list[Row]) -> None:
    beneficiaries = {row["code"]: row for row in demonstration["beneficiaries"]}
    names = Counter(rendered_name(project, beneficiaries) for project in projects)

    assert [name for name, count in names.items() if count > 1 or "{" in name or name != name.strip()] == []


def test_demonstration_group_projects_name_several_beneficiaries(projects: list[Row]) -> None:
    sizes = {(project["kind"], len(project["beneficiaries"])) for project in projects}

    assert sizes == {(Kind.ORDINARY, 1), (Kind.GROUP, 3), (Kind.MODEL, 1)}
    assert {project["route"] for project in projects if project["kind"] == Kind.MODEL} == {Route.NATIONAL}


def test_demonstration_people_fill_every_role(demonstration: Row, projects: list[Row], places: dict[str, Row]) -> None:
    units = {unit["code"]: unit for unit in demonstration["units"]}
    people = demonstration["people"]
    executing = {code for code, unit in units.items() if unit["executes"]}

    assert Counter(person["role"] for person in people) == {
        Role.CENTRE_OFFICER: 3,
        Role.COORDINATOR: 2,
        Role.LEADER: 1,
        Role.FINANCE: 1,
        Role.COMMUNE_VIEWER: 1,
        Role.AUDITOR: 1,
        Role.ADMINISTRATOR: 1,
    }
    assert {p["unit"] for p in people if p["role"] == Role.CENTRE_OFFICER} == executing
    assert {project["unit"] for project in projects} == executing
    assert {person["unit"] for person in people} == set(units)
    assert len({person["name"] for person in people}) == len({person["code"] for person in people}) == len(people)
    assert {person["place"] for person in people if "place" in person} <= set(places)
