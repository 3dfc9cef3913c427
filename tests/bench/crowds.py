"""As many projects as one likes: played ones copied behind the ledger's back, with names, days, places, contracts and
beneficiaries of their own.

Half of them are settled and lie in earlier years, the others stand in every stage of the last one. The copies have
no events of their own (those alone would take 10 GB); the played ones have.
"""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from typing import Any

from models.people import add_unit
from models.searching import TRIGRAMS
from states.folding import fold, sort_text
from states.vocabulary import Route, Stage

#: The day on which the crowd is looked at.
TODAY = date(2025, 12, 15)
#: Numbers between one copy and the next; more than the played projects have events.
_FAR = 100_000
_UNITS = 20
_MACHINES = "máy sấy|máy đóng gói|máy ép|lò nung|dây chuyền chiết rót|máy cắt|hệ thống lạnh|máy dệt|máy xay|máy tiện"
_GOODS = "lúa gạo|tàu hủ ky|gốm đỏ|dừa sáp|cá tra|khoai lang|chiếu lác|nước mắm|bánh tráng|thảm xơ dừa|mây tre|bưởi"
_FIRMS = "Cơ sở|Công ty|Hợp tác xã|Doanh nghiệp tư nhân"
_OWNERS = "Hoàng Gia|Thanh Bình|Mỹ Hòa|Phước Thọ|An Khang|Tân Tiến|Đại Lợi|Vĩnh Phát|Út Mười|Năm Nhỏ|Hai Lúa|Bảy Đực"
_STAGES = (
    Stage.DRAFT,
    Stage.SUBMITTED,
    Stage.APPRAISING,
    Stage.APPRAISED,
    Stage.REVIEWING,
    Stage.CLEARED,
    Stage.APPROVED,
    Stage.CONTRACTED,
    Stage.UNDERWAY,
    Stage.AWAITING_ACCEPTANCE,
    Stage.ACCEPTED,
    Stage.SETTLING,
    Stage.SETTLED,
)


def crowd(office: Any, path: Path, projects: int) -> None:
    """Play a project to each stage on both routes and copy them until there are so many; the store closes."""
    played = list(_played(office))
    office.at = datetime(TODAY.year, TODAY.month, TODAY.day, 3, tzinfo=UTC)
    office.store.close()
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("synchronous = OFF", "journal_mode = OFF", "cache_size = -200000"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN")
    _write_words(connection)
    guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE name LIKE 'project_search_%ed'").fetchall()
    for name, _ in guards:
        connection.execute(f"DROP TRIGGER {name}")
    settled = [code for code, stage in played if stage is Stage.SETTLED]
    others = [code for code, stage in played if stage is not Stage.SETTLED]
    for codes, years in ((settled, 4), (others, 1)):
        for number, code in enumerate(codes):
            _copy(connection, code, projects // 2 // len(codes), years, f"i * {len(codes)} + {number + 1_000}")
    connection.execute(f"INSERT INTO {TRIGRAMS} ({TRIGRAMS}) VALUES ('rebuild')")
    for _, sql in guards:
        connection.execute(sql)
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("ANALYZE")
    connection.close()


def _played(office: Any) -> Iterator[tuple[str, Stage]]:
    with office.store.write() as session:
        for number in range(_UNITS - 2):
            add_unit(session, f"dv{number}", f"Đơn vị thực hiện số {number}", office.origin)
    office.at = datetime(2025, 1, 3, 1, tzinfo=UTC)
    for number, (stage, route) in enumerate(product(_STAGES, Route)):
        with_beneficiary = {"beneficiaries": (office.workshop(f"Cơ sở mẫu {number}"),)}
        code = office.open(route=route, plan_year=2025, name=f"Đề án mẫu {number}", **with_beneficiary)
        yield office.bring(code, stage), stage


def _write_words(connection: sqlite3.Connection) -> None:
    """Names with what they are found and sorted by, so that SQL alone can make a million of them."""
    connection.execute("CREATE TEMP TABLE called (n INTEGER PRIMARY KEY, name TEXT, folded TEXT, key TEXT)")
    connection.execute("CREATE TEMP TABLE owner (n INTEGER PRIMARY KEY, name TEXT, folded TEXT, key TEXT)")
    names = [f"Hỗ trợ ứng dụng {m} {g}" for m, g in product(_MACHINES.split("|"), _GOODS.split("|"))]
    rows = [(n, name, fold(name), sort_text(name)) for n, name in enumerate(names)]
    connection.executemany("INSERT INTO called VALUES (?, ?, ?, ?)", rows)
    owners = [f"{f} {o}" for f, o in product(_FIRMS.split("|"), _OWNERS.split("|"))]
    rows = [(n, name, fold(name), sort_text(name)) for n, name in enumerate(owners)]
    connection.executemany("INSERT INTO owner VALUES (?, ?, ?, ?)", rows)
    connection.execute("CREATE TEMP TABLE spread (n INTEGER PRIMARY KEY, place INTEGER)")
    connection.execute(
        "INSERT INTO spread SELECT row_number() OVER (ORDER BY id) - 1, id FROM place "
        "WHERE level = 'commune' AND valid_to IS NULL LIMIT 100"
    )
    connection.execute("CREATE TEMP TABLE unit_of (n INTEGER PRIMARY KEY, unit INTEGER)")
    connection.execute("INSERT INTO unit_of SELECT row_number() OVER (ORDER BY id) - 1, id FROM unit")


_NAME = "(SELECT {column} FROM called WHERE n = (i * 7 + i / 97) % 120)"
_OWNER = "(SELECT {column} FROM owner WHERE n = (i * 5 + i / 31) % 48)"
_CODE = "'KC-VL-' || {year} || '-' || {serial}"


def _copy(connection: sqlite3.Connection, code: str, copies: int, years: int, serial: str) -> None:
    """Copy one project with its sums and deadlines: spread over `years` up to the year before, or all of this one."""
    first, year = (2021, f"2021 + i % {years}") if years > 1 else (2025, "2025")
    # Whoever was entered later has the higher number; the settled ones of earlier years come first.
    place = f"i / {years} + 1 + (i % {years}) * 1000000" if years > 1 else "i + 4000001"
    far = f"{_FAR} * ({place})"
    project_id = f"{far} + (SELECT id FROM project WHERE code = '{code}')"
    moved = (
        f"strftime('%Y-%m-%dT%H:%M:%S.000000Z', '{first}-02-01', (({year}) - {first}) || ' years',"
        " (i * 31 % 400000) || ' minutes')"
    )
    safe = f"date('{TODAY}', (i % 240 - 6) || ' days')"
    code_text = _CODE.format(year=f"({year})", serial=f"({serial})")
    name, folded, key = (
        f"{_NAME.format(column=column)} || {space} || {_OWNER.format(column=column)}"
        for column, space in (("name", "' '"), ("folded", "' '"), ("key", "''"))
    )
    changed: dict[str, dict[str, str]] = {
        "project": {
            "id": project_id,
            "code": code_text,
            "serial": serial,
            "name": name,
            "plan_year": year,
            "work_year": year,
            "content_no": "1 + (i * 11 + i / 90) % 8",
            "unit_id": f"(SELECT unit FROM unit_of WHERE n = (i * 3 + i / 70) % {_UNITS})",
            "place_id": "(SELECT place FROM spread WHERE n = (i * 13 + i / 70) % 100)",
            "moved_at": moved,
            "contract_id": f"{far} + contract_id",
            "search_text": f"lower({code_text}) || ' ' || {folded}",
        },
        "funding": {"project_id": project_id, "plan_year": year}
        | {kind: f"CASE WHEN {kind} > 0 THEN {kind} + i % 900 * 1000000 ELSE 0 END" for kind in _GROWING},
        "deadline": {"project_id": project_id}
        | {day: f"CASE WHEN status = 'open' THEN {safe} ELSE {day} END" for day in ("safe_on", "rolled_on")},
        "project_search": {
            "project_id": project_id,
            "words": f"lower({code_text}) || ' ' || {folded} || char(10) || {_OWNER.format(column='folded')}"
            " || char(10) || (1500000000 + i)",
            "name_key": key,
        },
        "contract": {"id": f"{far} + id", "number": f"number || '-' || ({far})"},
        "beneficiary": {
            "id": f"{far} + id",
            "name": f"{_OWNER.format(column='name')} || ' ' || i",
            "folded_name": f"{_OWNER.format(column='folded')} || ' ' || i || ' ' || id",
            "tax_code": f"printf('%d%09d', {years}, {serial})",
        },
        "project_beneficiary": {
            "event_id": f"{far} + event_id",
            "project_id": project_id,
            "beneficiary_id": f"{far} + beneficiary_id",
        },
    }
    for table, columns in changed.items():
        names = [column[1] for column in connection.execute(f"PRAGMA table_info({table})")]
        numbers = f"WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {copies - 2})"
        selected = ", ".join(columns.get(name, name) for name in names)
        connection.execute(
            f"INSERT INTO {table} {numbers} SELECT {selected} FROM n CROSS JOIN {table} WHERE {_OF.get(table, _LINES)}",
            {"code": code},
        )


#: Which rows belong to the project that is copied.
_LINES = "project_id = (SELECT id FROM project WHERE code = :code)"
_OF = {
    "project": "code = :code",
    "contract": "id = (SELECT contract_id FROM project WHERE code = :code)",
    "beneficiary": f"id = (SELECT beneficiary_id FROM project_beneficiary WHERE {_LINES})",
}
_GROWING = ("asked", "appraised", "approved", "accepted", "settled")
