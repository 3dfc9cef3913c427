"""The shape of a mart: its tables with the words that explain them, and their CREATE statements.

Names stay: what others have written against a mart goes on working. A change that breaks it raises SCHEMA_VERSION.
No table names a person: neither officers, nor signers, nor beneficiaries (a household's name and tax code are one's).
"""

from dataclasses import dataclass

from states.vocabulary import MoneyKind

SCHEMA_VERSION = 1
#: What says who made a file and when is no part of its content.
NOT_CONTENT = ("content_hash", "generator", "made_at")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its type with constraints, and what it means (Vietnamese)."""

    name: str
    kind: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """A STRICT table. Rows are kept in the order of `key`; without one it is the INTEGER PRIMARY KEY."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    @property
    def create(self) -> str:
        """The CREATE statement; SQLite keeps its comments, so that any tool shows them."""
        lines = [f"  {column.name} {column.kind}" for column in self.columns]
        ends = [f"  -- {column.meaning}" for column in self.columns]
        if self.key:
            lines.append(f"  PRIMARY KEY ({', '.join(self.key)})")
            ends.append("")
        body = "\n".join(
            f"{text}{',' if place < len(lines) - 1 else ''}{ends[place]}" for place, text in enumerate(lines)
        )
        options = "STRICT, WITHOUT ROWID" if self.key else "STRICT"
        return f"CREATE TABLE {self.name} (\n  -- {self.meaning}\n{body}\n) {options}"

    @property
    def order(self) -> str:
        return ", ".join(self.key) if self.key else self.columns[0].name

    @property
    def insert(self) -> str:
        return f"INSERT INTO {self.name} VALUES ({', '.join('?' for _ in self.columns)})"


def _columns(*told: tuple[str, str, str]) -> tuple[Column, ...]:
    return tuple(Column(*each) for each in told)


_CODE, _TEXT, _INT, _MAYBE, _DAY = "TEXT NOT NULL", "TEXT NOT NULL", "INTEGER NOT NULL", "INTEGER", "TEXT"
_PROJECT = ("project_id", "INTEGER NOT NULL REFERENCES project (id)", "đề án")

META = Table(
    "meta",
    "Tệp này là gì: ngày, sự kiện cuối cùng đã tính, phiên bản, dấu nội dung",
    _columns(("key", _CODE, "tên"), ("value", _TEXT, "giá trị")),
    ("key",),
)
PROJECT = Table(
    "project",
    "Đề án đã nộp (không có bản nháp)",
    _columns(
        ("id", "INTEGER PRIMARY KEY", "số của sự kiện lập đề án, không đổi giữa các đêm"),
        ("code", "TEXT NOT NULL UNIQUE", "mã đề án"),
        ("name", _TEXT, "tên đề án"),
        ("programme", _CODE, "mã chương trình"),
        ("content_no", _INT, "số nội dung của chương trình"),
        ("activity", _CODE, "hoạt động"),
        ("activity_label", _TEXT, "tên hoạt động"),
        ("route", _CODE, "tuyến: local (địa phương), national (quốc gia)"),
        ("kind", _CODE, "loại: ordinary, group (nhóm), model (điểm)"),
        ("plan_year", _INT, "năm kế hoạch"),
        ("work_year", _INT, "năm thực hiện, muộn hơn năm kế hoạch khi được chuyển"),
        ("unit", _CODE, "mã đơn vị thực hiện"),
        ("unit_name", _TEXT, "tên đơn vị thực hiện"),
        ("place", "TEXT", "mã đơn vị hành chính ghi trong đề án"),
        ("place_name", "TEXT", "tên đơn vị hành chính"),
        ("equipment", "TEXT", "máy móc, dây chuyền, sản phẩm được hỗ trợ"),
        ("objectives", _TEXT, "mục tiêu"),
        ("total_cost", _INT, "tổng kinh phí, đồng"),
        ("expected_jobs", _INT, "số lao động dự kiến"),
        ("starts_on", _DAY, "ngày bắt đầu"),
        ("ends_on", _DAY, "ngày kết thúc"),
        ("state", _CODE, "trạng thái: mốc cuối cùng đã đạt"),
        ("state_label", _TEXT, "tên trạng thái"),
        ("stage", _CODE, "bước đang ở"),
        ("stage_label", _TEXT, "tên bước"),
        ("in_plan", _INT, "1 khi đề án còn trong kế hoạch"),
        ("decided_on", _DAY, "ngày của văn bản cuối cùng"),
        ("version", _INT, "số lần ghi"),
        ("old_record", _INT, "1 khi đề án nhập từ sổ cũ: số do người xác nhận, không đi từng bước trong hệ thống"),
        ("folded", _TEXT, "mã, tên, mục tiêu, đơn vị, địa bàn viết thường không dấu, để tìm (project_fts)"),
    ),
)
MONEY = Table(
    "money",
    "Tiền của đề án theo nguồn, đồng; mỗi cột một loại",
    _columns(
        _PROJECT,
        ("source", _CODE, "nguồn: national_fund, local_fund, counterpart (đối ứng)"),
        *((str(kind), _INT, kind.label.lower()) for kind in MoneyKind),
    ),
    ("project_id", "source"),
)
WORK = Table(
    "work",
    "Khối lượng của đề án theo chỉ tiêu",
    _columns(
        _PROJECT,
        ("target", _CODE, "mã chỉ tiêu"),
        ("planned", _INT, "kế hoạch"),
        ("approved", _INT, "phê duyệt"),
        ("accepted", _INT, "nghiệm thu"),
        ("settled", _INT, "quyết toán"),
    ),
    ("project_id", "target"),
)
TABLES: tuple[Table, ...] = (
    META,
    Table(
        "programme",
        "Chương trình",
        _columns(
            ("code", _CODE, "mã"),
            ("name", _TEXT, "tên"),
            ("number", _TEXT, "số quyết định"),
            ("start_year", _INT, "từ năm"),
            ("end_year", _INT, "đến năm"),
            ("verified", _INT, "0: số liệu chương trình chưa kiểm chứng"),
        ),
        ("code",),
    ),
    Table(
        "content",
        "Nội dung của chương trình",
        _columns(
            ("programme", _CODE, "mã chương trình"),
            ("no", _INT, "số; 0 là chưa phân bổ"),
            ("code", _CODE, "mã"),
            ("name", _TEXT, "tên"),
        ),
        ("programme", "no"),
    ),
    Table(
        "budget",
        "Kinh phí chương trình giao, đồng",
        _columns(
            ("programme", _CODE, "mã chương trình"),
            ("content_no", _INT, "nội dung"),
            ("source", _CODE, "nguồn"),
            ("amount", _INT, "số tiền, đồng"),
        ),
        ("programme", "content_no", "source"),
    ),
    Table(
        "target",
        "Chỉ tiêu của chương trình",
        _columns(
            ("programme", _CODE, "mã chương trình"),
            ("code", _CODE, "mã"),
            ("content_no", _INT, "nội dung"),
            ("name", _TEXT, "tên"),
            ("unit", _TEXT, "đơn vị tính"),
            ("quantity", _MAYBE, "số được giao"),
            ("quantity_min", _MAYBE, "số nhỏ nhất, khi giao một khoảng"),
            ("quantity_max", _MAYBE, "số lớn nhất"),
        ),
        ("programme", "code"),
    ),
    PROJECT,
    MONEY,
    WORK,
    Table(
        "plan",
        "Kế hoạch năm",
        _columns(
            ("id", "INTEGER PRIMARY KEY", "số của sự kiện lập kế hoạch"),
            ("programme", _CODE, "mã chương trình"),
            ("year", _INT, "năm"),
            ("route", _CODE, "tuyến"),
            ("status", _CODE, "tình trạng"),
            ("revision", _INT, "số lần điều chỉnh sau phê duyệt"),
        ),
    ),
    Table(
        "plan_line",
        "Đề án trong kế hoạch năm, đồng theo nguồn",
        _columns(
            ("plan_id", "INTEGER NOT NULL REFERENCES plan (id)", "kế hoạch"),
            _PROJECT,
            ("source", _CODE, "nguồn"),
            ("amount", _INT, "số tiền, đồng"),
        ),
        ("plan_id", "project_id", "source"),
    ),
    Table(
        "deadline_rule",
        "Quy định về thời hạn",
        _columns(
            ("code", _CODE, "mã"),
            ("label", _TEXT, "tên hạn"),
            ("basis", _TEXT, "căn cứ"),
            ("statutory", _INT, "1: theo luật, 0: quy định nội bộ"),
            ("verified", _INT, "0: chưa kiểm chứng"),
        ),
        ("code",),
    ),
    Table(
        "deadline",
        "Hạn của đề án",
        _columns(
            _PROJECT,
            ("clock", _CODE, "loại hạn"),
            ("started_by", _INT, "sự kiện bắt đầu tính"),
            ("rule", _CODE, "quy định áp dụng"),
            ("status", _CODE, "open đang chạy, paused tạm dừng, closed đã xong"),
            ("started_on", _DAY, "ngày bắt đầu"),
            ("printed_on", _DAY, "hạn theo cách đếm"),
            ("rolled_on", _DAY, "hạn sau khi dời ngày nghỉ"),
            ("safe_on", _DAY, "hạn an toàn"),
            ("stopped_on", _DAY, "ngày xong"),
            ("provisional", _INT, "1: lịch nghỉ chưa xác nhận"),
        ),
        ("project_id", "clock", "started_by"),
    ),
    Table(
        "event_head",
        "Sự kiện mới nhất của mỗi đề án",
        _columns(
            ("project_id", "INTEGER PRIMARY KEY REFERENCES project (id)", "đề án"),
            ("event", _INT, "số sự kiện trong sổ"),
            ("seq", _INT, "số thứ tự trong đề án"),
            ("action", _CODE, "bước"),
            ("from_stage", "TEXT", "từ"),
            ("to_stage", "TEXT", "đến"),
            ("decided_on", _DAY, "ngày văn bản"),
            ("recorded_on", _DAY, "ngày ghi sổ"),
            ("number", _TEXT, "số văn bản"),
            ("hash", _TEXT, "SHA-256 của sự kiện, nối tiếp sự kiện trước"),
        ),
    ),
    Table(
        "rollup",
        "Số liệu tổng hợp, đã cộng hai cách và khớp",
        _columns(
            ("programme", _CODE, "mã chương trình"),
            ("dimension", _CODE, "chiều: content, commune, unit, month, target"),
            ("plan_year", _INT, "năm kế hoạch"),
            ("key", _CODE, "số nội dung, mã địa bàn (none: chưa ghi), mã đơn vị, tháng YYYY-MM, mã chỉ tiêu"),
            ("state", _TEXT, "trạng thái của đề án, khi chiều là content"),
            ("source", _CODE, "nguồn; total: cả ba, đề án hai nguồn đếm một lần"),
            ("step", _CODE, "planned, approved, implemented, settled"),
            ("projects", _INT, "số đề án"),
            ("amount", _INT, "đồng; chỉ tiêu: theo đơn vị tính"),
        ),
        ("programme", "dimension", "plan_year", "key", "state", "source", "step"),
    ),
    Table(
        "seal",
        "Niêm của những đêm trước",
        _columns(
            ("no", "INTEGER PRIMARY KEY", "số"),
            ("business_date", _DAY, "ngày"),
            ("first_event", _INT, "sự kiện đầu"),
            ("last_event", _INT, "sự kiện cuối"),
            ("count", _INT, "số sự kiện"),
            ("root", _TEXT, "SHA-256 của các sự kiện"),
            ("previous", _TEXT, "mã niêm trước"),
            ("code", _TEXT, "mã niêm"),
        ),
    ),
)
#: The documentation as tables of its own, for tools that do not show comments.
TABLE_WORDS = Table(
    "_tables",
    "Các bảng và khung nhìn của tệp",
    _columns(("name", _CODE, "tên"), ("meaning", _TEXT, "ý nghĩa")),
    ("name",),
)
COLUMN_WORDS = Table(
    "_columns",
    "Các cột của từng bảng",
    _columns(("table_name", _CODE, "bảng"), ("name", _CODE, "cột"), ("meaning", _TEXT, "ý nghĩa")),
    ("table_name", "name"),
)
ALL_TABLES = (*TABLES, TABLE_WORDS, COLUMN_WORDS)
