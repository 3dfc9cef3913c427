"""Whether support may go to a place: one rule before 15/10/2025, another from that day on."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from states.words import format_date

#: NĐ 235/2025/NĐ-CP came into force and rebuilt the rule on the units that exist without districts.
NEW_RULE_FROM = date(2025, 10, 15)
#: The first day without the district level. Basis: 202/2025/QH15.
DISTRICTS_ENDED = date(2025, 7, 1)

OLD_BASIS = "TT 28/2018/TT-BTC Điều 2"
NEW_BASIS = "NĐ 235/2025/NĐ-CP Điều 1 khoản 1"
EARLIER_BASIS = "NĐ 235/2025/NĐ-CP (điều khoản chuyển tiếp)"


class PlaceKind(StrEnum):
    """Kinds of administrative units. The values are the words that stand before a unit's name and in its row."""

    PROVINCE = "tỉnh"
    #: Governed by the centre when it stands at the head, within a province when it stands at district level.
    CITY = "thành phố"
    URBAN_DISTRICT = "quận"
    RURAL_DISTRICT = "huyện"
    TOWN = "thị xã"
    TOWNSHIP = "thị trấn"
    COMMUNE = "xã"
    WARD = "phường"
    SPECIAL_ZONE = "đặc khu"


LOWEST = frozenset({PlaceKind.COMMUNE, PlaceKind.WARD, PlaceKind.TOWNSHIP, PlaceKind.SPECIAL_ZONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a beneficiary works: the kind of its unit and of what lies above it.

    `district` is None for a unit that has none above it; `city_grade` (loại đô thị, 1 to 3, 0 for đặc biệt) is
    that of a district-level city. None for `city_grade` and `craft_village` means that nobody recorded it.
    `craft_village`: the beneficiary works in a craft village recognised by UBND tỉnh.
    """

    kind: PlaceKind
    province: PlaceKind
    district: PlaceKind | None = None
    city_grade: int | None = None
    craft_village: bool | None = None


@dataclass(frozen=True, slots=True)
class Eligibility:
    """The answer; `eligible` None means that the data cannot tell, and a warning says what is missing."""

    eligible: bool | None
    basis: str
    warnings: tuple[str, ...] = ()


def eligibility(place: Place, *, on: date, approved_on: date | None = None) -> Eligibility:
    """Say whether a beneficiary at this place may be supported by a decision of the day `on`.

    `approved_on` is the date of a decision that already approved the project: what was approved under the old
    rule goes on as approved, whatever the new rule says of the place.
    """
    if on < NEW_RULE_FROM:
        return _by_old_rule(place, on)
    if approved_on is not None and approved_on < NEW_RULE_FROM:
        return Eligibility(True, EARLIER_BASIS)
    return _by_new_rule(place)


def _by_new_rule(place: Place) -> Eligibility:
    """Basis: NĐ 235/2025/NĐ-CP Điều 1 khoản 1."""
    if place.craft_village:
        return Eligibility(True, NEW_BASIS)
    if place.kind not in LOWEST:
        return _unknown(NEW_BASIS, _TOO_WIDE)
    if place.district is not None or place.kind is PlaceKind.TOWNSHIP:
        return _unknown(
            NEW_BASIS,
            f"Đơn vị hành chính này thuộc hệ thống cũ, đã hết từ ngày {format_date(DISTRICTS_ENDED)};"
            " hãy ghi xã, phường hoặc đặc khu hiện nay của cơ sở.",
        )
    if place.province is PlaceKind.PROVINCE or place.kind is not PlaceKind.WARD:
        return Eligibility(True, NEW_BASIS)
    if place.craft_village is None:
        return _unknown(
            NEW_BASIS,
            "Phường của thành phố trực thuộc trung ương chỉ được hỗ trợ khi cơ sở ở làng nghề đã được công nhận;"
            " hãy ghi rõ cơ sở có ở làng nghề được công nhận hay không.",
        )
    return Eligibility(False, NEW_BASIS)


def _by_old_rule(place: Place, on: date) -> Eligibility:
    """Basis: TT 28/2018/TT-BTC Điều 2: rural districts, towns, communes and wards of cities of grade 2 and 3."""
    if place.kind not in LOWEST:
        return _unknown(OLD_BASIS, _TOO_WIDE)
    match place.district:
        case PlaceKind.RURAL_DISTRICT | PlaceKind.TOWN:
            return Eligibility(True, OLD_BASIS)
        case PlaceKind.URBAN_DISTRICT:
            return Eligibility(False, OLD_BASIS)
        case PlaceKind.CITY:
            return _in_a_city(place.city_grade)
    return _unknown(OLD_BASIS, _NO_DISTRICT_NOW if on >= DISTRICTS_ENDED else _NO_DISTRICT)


def _in_a_city(grade: int | None) -> Eligibility:
    if grade is None:
        return _unknown(
            OLD_BASIS, "Chưa biết thành phố là đô thị loại mấy; hãy ghi loại đô thị (được hỗ trợ: loại 2, 3)."
        )
    if grade in (2, 3):
        return Eligibility(True, OLD_BASIS)
    return _unknown(
        OLD_BASIS,
        "Thành phố không thuộc loại 2, loại 3; phần còn lại của điều này chưa kiểm chứng,"
        " hãy đối chiếu văn bản gốc và ghi kết luận của Sở.",
    )


_TOO_WIDE = "Địa điểm rộng hơn một xã, phường; hãy ghi xã, phường hoặc đặc khu của cơ sở thụ hưởng."
_NO_DISTRICT = "Quy định cũ xét theo huyện, thị xã, thành phố; hãy ghi đơn vị cấp huyện của địa điểm."
_NO_DISTRICT_NOW = (
    f"Từ ngày {format_date(DISTRICTS_ENDED)} không còn cấp huyện, còn quy định theo đơn vị mới có hiệu lực từ ngày"
    f" {format_date(NEW_RULE_FROM)}; hãy ghi địa điểm theo đơn vị hành chính cũ."
)


def _unknown(basis: str, warning: str) -> Eligibility:
    return Eligibility(None, basis, (warning,))
