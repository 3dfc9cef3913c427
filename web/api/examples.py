"""One body for each endpoint that takes one, for whoever writes a program; a test holds each against its model."""

from collections.abc import Mapping
from typing import Any

_PAPER = {"kind": "approval_decision", "number": "980/QĐ-UBND", "issued_on": "2024-03-15", "signer": "Lê Quang Trung"}
_DECISION = {
    "number": "980/QĐ-UBND",
    "decided_on": "2024-03-15",
    "signer": "Lê Quang Trung",
    "total": 300_000_000,
}
_BASIS = "Thông báo 6150/TB-BLĐTBXH"

#: By the name of the operation.
EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "projects_take": {
        "seen_version": 3,
        "number": "03/BB-SCT",
        "signer": "Lê Minh Chi",
        "amounts": {"local_fund": 300_000_000, "counterpart": 350_000_000},
    },
    "projects_open_one": {
        "name": "Hỗ trợ máy sấy nông sản",
        "programme": "KC-VL-2021-2025",
        "content": 2,
        "activity": "machinery",
        "route": "local",
        "plan_year": 2024,
        "unit": "ttkc",
        "beneficiaries": [251],
        "amounts": {"local_fund": 300_000_000, "counterpart": 350_000_000},
        "targets": {"T2_2": 1},
        "total_cost": 650_000_000,
    },
    "projects_copy": {"plan_year": 2025},
    "projects_change": {"seen_version": 2, "ends_on": "2024-11-30", "note": "Gõ nhầm ngày"},
    "projects_comment": {"words": "Nhờ @an xem lại báo giá"},
    "projects_add_paper": {"kind": "dossier", "title": "Hồ sơ đề án", "file": "(tệp PDF)"},
    "approvals_approve": _DECISION
    | {
        "annex_total": 1_250_000_000,
        "lines": [{"project": "KC-VL-2024-001", "amounts": {"local_fund": 300_000_000}, "note": "Dòng 4"}],
        "papers": [_PAPER],
    },
    "contracts_sign": {
        "number": "06/HĐ-TTKC",
        "signed_on": "2024-04-02",
        "signer": "Lê Minh Chi",
        "total": 300_000_000,
        "projects": [{"project": "KC-VL-2024-001", "seen_version": 8}],
    },
    "letters_use": {"file": "(tệp .docx)"},
    "imports_preview_file": {"file": "(bảng tính)", "programme": "KC-VL-2021-2025", "plan_year": 2024, "unit": "ttkc"},
    "imports_take_in": {
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "file_name": "so-de-an-2024.xlsx",
        "programme": "KC-VL-2021-2025",
        "plan_year": 2024,
        "choices": {"J5": "theirs"},
    },
    "plans_take": {
        "seen_version": 4,
        "number": "12/TTr-SCT",
        "decided_on": "2023-12-05",
        "signer": "Lê Minh Chi",
    },
    "plans_open_fork": {"name": "Thêm máy sấy", "changes": {"add": {"KC-VL-2024-007": {"local_fund": 250_000_000}}}},
    "plans_change_fork": {"seen_version": 1, "drop": ["KC-VL-2024-003"], "shift": {"KC-VL-2024-007": 3}},
    "plans_drop_fork": {"seen_version": 2},
    "plans_propose_fork": {"seen_version": 2},
    "plans_suggestion": {"budgets": {"local_fund": 5_000_000_000}, "must": ["KC-VL-2024-001"], "seconds": 3},
    "programmes_publication": {"shown": True},
    "reports_freeze_report": {"period": "quý 1/2024"},
    "reports_write_proposals": {"words": "Đề nghị bổ sung kinh phí cho nội dung 2."},
    "reports_sign_report": {"number": "15/BC-SCT", "signed_on": "2024-04-10", "signer": "Lê Minh Chi"},
    "reminders_take_note": {"key": "deadline:KC-VL-2024-001:D-CHECK@…", "reason": "Đang xử lý"},
    "reminders_put_off": {
        "key": "deadline:KC-VL-2024-001:D-CHECK@…",
        "until": "2024-03-12",
        "reason": "Chờ báo giá mới",
    },
    "reminders_prefer": {"channels": ["zalobot", "email"], "urgent_at_once": True},
    "reminders_be_away": {"substitute": "bach", "first_on": "2024-03-11", "last_on": "2024-03-15"},
    "reminders_be_back": {"begins_on": "2024-03-11"},
    "outbox_again": {"letters": [41, 42]},
    "outbox_cancel": {"note": "Người nhận đã chuyển công tác"},
    "calendar_set_day": {
        "day": "2026-01-02",
        "kind": "off",
        "swap_with": "2026-01-10",
        "name": "Hoán đổi nghỉ Tết Dương lịch",
        "basis": _BASIS,
    },
    "calendar_confirm": {"basis": _BASIS},
    "rules_change": {"basis": "QĐ 12/QĐ-SCT", "until": "2026-12-31"},
    "rules_add": {
        "kind": "prepayments",
        "rows": "schema_version: 1\nrows:\n- id: P-VL-2\n  …",
        "basis": "NQ 05/NQ-HĐND",
    },
    "directory_new_person": {
        "code": "lan",
        "name": "Võ Thị Lan",
        "role": "centre_officer",
        "unit": "ttkc",
        "email": "lan@example.vn",
    },
    "directory_change_person": {"seen_version": 1, "phone": "0912 345 678"},
    "directory_new_unit": {"code": "hoinongdan", "name": "Hội Nông dân tỉnh"},
    "directory_new_beneficiary": {
        "name": "Cơ sở Tàu hủ ky Mỹ Hòa",
        "kind": "household",
        "tax_code": "9900912345",
        "women_owned": True,
    },
    "directory_change_beneficiary": {"tax_code": "9900912346", "note": "Đổi đăng ký thuế"},
    "webhooks_add": {
        "name": "Cổng dữ liệu của tỉnh",
        "url": "https://data.example.vn/khuyen-cong",
        "topics": ["project", "plan"],
    },
}
