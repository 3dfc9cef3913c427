"""The fields that a paper may use, with their Vietnamese names: for writing templates, and for checking them."""

from collections.abc import Iterator
from typing import Any

from documents.letters.parts import Fields

HEAD: Fields = {
    "issuer": {
        "parent": "Tên cơ quan cấp trên, chữ hoa (có thể trống)",
        "short": "Tên cơ quan ban hành, chữ hoa, không lặp tên tỉnh",
        "name": "Tên đầy đủ của cơ quan ban hành",
        "capitals": "Tên đầy đủ của cơ quan ban hành, chữ hoa",
    },
    "number": "Dòng số, ký hiệu; số để trống cho văn thư",
    "reference": "Số, ký hiệu viết giữa câu; số để trống",
    "place_and_day": "Địa danh và ngày; ngày để trống cho văn thư",
    "addressee": "Nơi kính gửi",
    "grounds": ["Từng căn cứ, chưa có dấu câu ở cuối"],
    "signing": ["Từng dòng chức danh người ký, chữ hoa"],
    "recipients": ["Từng nơi nhận, chưa có dấu câu ở cuối"],
    "archive": "Nơi lưu: VT và phòng soạn văn bản",
    "year": "Năm kế hoạch",
    "route": "Tuyến: khuyến công địa phương hoặc khuyến công quốc gia",
    "programme": "Tên chương trình khuyến công",
    "mark": "MINH HỌA khi là sổ minh họa, còn lại trống",
    "cut_off": "Số liệu của sổ đến lúc nào, đến sự kiện nào",
}

_MONEY = {
    "total_cost": "Tổng kinh phí thực hiện",
    "counterpart": "Đối ứng",
    "asked": "Hỗ trợ đề nghị",
    "appraised": "Hỗ trợ thẩm định",
    "approved": "Hỗ trợ phê duyệt (sau điều chỉnh)",
    "contracted": "Giá trị hợp đồng",
    "prepaid": "Đã tạm ứng",
    "accepted": "Hỗ trợ theo nghiệm thu",
    "paid": "Đã thanh toán",
    "payable": "Còn phải thanh toán",
    "to_recover": "Còn phải thu hồi",
    "support": "Mức hỗ trợ ghi trên văn bản này",
}

PROJECT: Fields = {
    "code": "Mã đề án",
    "name": "Tên đề án",
    "content": "Nội dung khuyến công",
    "unit": "Đơn vị thực hiện",
    "beneficiary": "Đơn vị thụ hưởng (nhiều đơn vị cách nhau bằng dấu chấm phẩy)",
    "place": "Địa điểm",
    "partner": "Đơn vị phối hợp",
    "objectives": "Mục tiêu",
    "scope": "Quy mô, nội dung thực hiện",
    "equipment": "Máy móc, thiết bị, sản phẩm được hỗ trợ",
    "time": "Thời gian thực hiện",
    **{name: f"{label}, bằng số (đồng)" for name, label in _MONEY.items()},
    **{f"{name}_words": f"{label}, bằng chữ" for name, label in _MONEY.items()},
    "targets": [
        {
            "name": "Tên chỉ tiêu",
            "unit": "Đơn vị tính",
            "planned": "Số lượng kế hoạch",
            "approved": "Số lượng được phê duyệt",
            "accepted": "Số lượng đã nghiệm thu; dấu … khi chưa ghi",
        }
    ],
}
PROJECTS: Fields = {
    "projects": [PROJECT],
    "total": {
        "projects": "Số đề án",
        **{name: f"Cộng {label[0].lower()}{label[1:]}, bằng số (đồng)" for name, label in _MONEY.items()},
        **{f"{name}_words": f"Cộng {label[0].lower()}{label[1:]}, bằng chữ" for name, label in _MONEY.items()},
    },
}
CONTRACT: Fields = {
    "contract": {
        "number": "Số hợp đồng đã ký; dấu … khi chưa ký",
        "signed_on": "Ngày ký hợp đồng; dấu … khi chưa ký",
        "party_a": "Bên A",
        "party_b": "Bên B",
    }
}
MISSING: Fields = {"missing": ["Từng nội dung phải bổ sung"], "due": "Ngày phải bổ sung xong; dấu … khi chưa có hạn"}
DEADLINES: Fields = {
    "deadlines": [
        {
            "project": "Mã đề án",
            "label": "Việc phải làm",
            "basis": "Căn cứ pháp luật; trống với hạn nội bộ",
            "due": "Ngày đến hạn",
            "left": "Còn lại hoặc quá hạn bao nhiêu ngày",
        }
    ],
    "today": "Ngày soạn",
}
CEILING: Fields = {"ceiling": "Mức hỗ trợ tối đa theo định mức và căn cứ; dấu … khi không tính được"}


def listed(fields: Fields, before: str = "") -> Iterator[tuple[str, str]]:
    """Every field with its name, as a template writes it: `project.code`, `projects[].code`."""
    for name, value in fields.items():
        yield from _one(f"{before}{name}", value)


def _one(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, list):
        yield from _one(f"{name}[]", value[0])
    else:
        yield from listed(value, f"{name}.")
