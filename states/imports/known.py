"""What a register knows by name, and which of it a cell means: places, units, beneficiaries, activities."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from states.activities import Activity
from states.folding import fold, quoted
from states.refusal import Refused

#: How many choices a refusal lists.
_MOST_LISTED = 6


@dataclass(frozen=True, slots=True)
class PlaceName:
    """An administrative unit: its own kind and name, those around it (smallest first), and its days."""

    id: int
    code: str
    kind: str
    name: str
    full: str
    around: tuple[tuple[str, str], ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    heirs: tuple[str, ...] = ()

    def stood_on(self, day: date) -> bool:
        return (self.valid_from or day) <= day <= (self.valid_to or day)


@dataclass(frozen=True, slots=True)
class ProgrammeNames:
    """A programme: its years, its contents and its targets by number and code."""

    code: str
    start_year: int
    end_year: int
    contents: Mapping[int, str]
    targets: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that the cells of an import may name, read once."""

    programmes: Mapping[str, ProgrammeNames]
    units: Mapping[str, str]
    places: tuple[PlaceName, ...] = ()
    by_tax: Mapping[str, int] = field(default_factory=dict)
    by_name: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    beneficiaries: Mapping[int, str] = field(default_factory=dict)

    def programme_of(self, year: int | None, wanted: str = "") -> ProgrammeNames:
        """The programme that was named, or the only one that the year lies in. Raises Refused."""
        if wanted:
            if wanted not in self.programmes:
                raise Refused(f"Không có chương trình «{wanted}»; hãy chọn: {', '.join(self.programmes)}.")
            return self.programmes[wanted]
        found = [one for one in self.programmes.values() if year is None or one.start_year <= year <= one.end_year]
        if len(found) != 1:
            raise Refused(f"Chưa rõ chương trình; hãy chọn chương trình (--programme): {', '.join(self.programmes)}.")
        return found[0]


# --- places -------------------------------------------------------------------------------------------

_KINDS = (
    (r"thi tran|t\.t|tt", "thị trấn"),
    (r"thi xa|t\.x|tx", "thị xã"),
    (r"thanh pho|t\.p|tp", "thành phố"),
    (r"dac khu", "đặc khu"),
    (r"phuong|p", "phường"),
    (r"xa|x", "xã"),
    (r"huyen|h", "huyện"),
    (r"tinh|t", "tỉnh"),
)
_PREFIXES = tuple((re.compile(rf"(?:{words})(?:\. ?| |(?=[0-9]))(?=.)"), kind) for words, kind in _KINDS)
_PARTS = re.compile(r"[,;()\n]|\s[-–]\s")


class Gazette:
    """Finds the place that a cell means; each text is looked up once."""

    def __init__(self, places: Iterable[PlaceName]) -> None:
        self._by_name: dict[str, list[PlaceName]] = {}
        self._by_code: dict[str, PlaceName] = {}
        for place in places:
            self._by_name.setdefault(fold(place.name), []).append(place)
            self._by_code[place.code] = place
        self._told: dict[tuple[str, date], tuple[PlaceName, str] | Refused] = {}

    def find(self, text: str, on: date) -> tuple[PlaceName, str]:
        """The place as it was called on a day, and what is to be said about it.

        Raises Refused for a name that nobody has, and with the choices for one that several have.
        """
        key = (text, on)
        if key not in self._told:
            try:
                self._told[key] = self._find(text, on)
            except Refused as refused:
                self._told[key] = refused
        found = self._told[key]
        if isinstance(found, Refused):
            raise found
        return found

    def _find(self, text: str, on: date) -> tuple[PlaceName, str]:
        if text.strip() in self._by_code:
            return self._by_code[text.strip()], ""
        parts = [_kind_and_name(part) for part in _PARTS.split(text) if part.strip()]
        for first, (kind, name) in enumerate(parts):
            named = [
                place
                for place in self._by_name.get(name, ())
                if (kind is None or place.kind == kind) and _lies_in(place, parts[first + 1 :])
            ]
            if found := [place for place in named if place.stood_on(on)] or named:
                return self._one(text, found, on)
        raise Refused(f"Không có đơn vị hành chính {quoted(text)}; hãy ghi như «xã Mỹ Hòa, thị xã Bình Minh».")

    def _one(self, text: str, found: list[PlaceName], on: date) -> tuple[PlaceName, str]:
        if len(found) > 1:
            listed = "; ".join(f"{place.full} ({place.code})" for place in found[:_MOST_LISTED])
            raise Refused(f"Địa điểm {quoted(text)} có thể là: {listed}; hãy ghi đủ tên hoặc mã.")
        [place] = found
        if not place.stood_on(on):
            return (
                place,
                f"Địa điểm {quoted(text)} không còn hoặc chưa có vào lúc đó: {place.full}",
            )
        return place, ""


def _kind_and_name(part: str) -> tuple[str | None, str]:
    words = fold(part).strip(" .")
    for prefix, kind in _PREFIXES:
        if found := prefix.match(words):
            return kind, words[found.end() :].strip(" .")
    return None, words


def _lies_in(place: PlaceName, parts: Sequence[tuple[str | None, str]]) -> bool:
    """Is every further part of an address one of the units around the place?"""
    around = [(kind, fold(name)) for kind, name in place.around]
    return all(
        any(name == outer and kind in (None, outer_kind) for outer_kind, outer in around)
        for kind, name in parts
        if name
    )


# --- units and beneficiaries --------------------------------------------------------------------------


def find_unit(text: str, units: Mapping[str, str]) -> tuple[str, str]:
    """The code of an executing unit by its code or name, and what is to be said when the name was not exact."""
    typed = fold(text)
    exact = [code for code, name in units.items() if typed in (fold(code), fold(name))]
    if len(exact) == 1:
        return exact[0], ""
    near = [code for code, name in units.items() if fold(name) in typed or (len(typed) > 5 and typed in fold(name))]
    if len(near) == 1:
        return near[0], f"Đơn vị thực hiện {quoted(text)} được hiểu là {units[near[0]]}"
    listed = "; ".join(f"{name} ({code})" for code, name in list(units.items())[:_MOST_LISTED])
    raise Refused(f"Không có đơn vị thực hiện {quoted(text)}; hãy ghi tên hoặc mã: {listed}.")


@dataclass(frozen=True, slots=True)
class NewFirm:
    """A beneficiary that will be written down with the import.

    Without a tax code it is found again by its name, and written down only where a person says so; `alike` are the
    numbers of known ones that may be meant.
    """

    name: str
    tax_code: str
    kind: str
    alike: tuple[int, ...] = ()

    @property
    def key(self) -> str:
        return self.tax_code or fold(self.name)


_TAX_CODE = re.compile(r"[0-9]{10}(?:-[0-9]{3})?")
_FIRMS = (
    ("lien hiep hop tac xa", "cooperative_union"),
    ("hop tac xa", "cooperative"),
    ("htx", "cooperative"),
    ("to hop tac", "cooperative_group"),
    ("cong ty", "enterprise"),
    ("cty", "enterprise"),
    ("dntn", "enterprise"),
    ("doanh nghiep", "enterprise"),
)


def read_tax_code(value: object) -> str:
    """A tax code; Excel drops its leading zeros. Raises Refused."""
    typed = re.sub(r"[^0-9\-]", "", str(value))
    if isinstance(value, int) and 7 < len(typed) < 10:
        typed = typed.zfill(10)
    if len(typed) == 13 and "-" not in typed:
        typed = f"{typed[:10]}-{typed[10:]}"
    if not _TAX_CODE.fullmatch(typed):
        raise Refused(
            f"Mã số thuế {quoted(str(value))} phải gồm 10 chữ số, hoặc 10 chữ số-3 chữ số của chi nhánh; hãy gõ lại."
        )
    return typed


def find_firm(name: str, tax_code: str | None, known: Known) -> int | NewFirm:
    """The beneficiary that a row names: by tax code, else by its name. Raises Refused where nobody can tell."""
    if tax_code and tax_code in known.by_tax:
        return known.by_tax[tax_code]
    found = known.by_name.get(fold(name), ()) if name else ()
    if len(found) == 1 and not tax_code:
        return found[0]
    if len(found) > 1 and not tax_code:
        listed = ", ".join(f"số {one}" for one in found[:_MOST_LISTED])
        raise Refused(f"Có nhiều đơn vị thụ hưởng tên {quoted(name)} ({listed}); hãy ghi thêm mã số thuế.")
    if not tax_code:
        return NewFirm(name, "", _kind_of(name))
    if not name:
        raise Refused(f"Mã số thuế {tax_code} chưa có trong danh mục; hãy ghi thêm tên đơn vị thụ hưởng.")
    if found:
        raise Refused(
            f"Đơn vị {quoted(name)} đã có trong danh mục (số {found[0]}) với mã số thuế khác hoặc chưa ghi; "
            "hãy kiểm tra mã số thuế, hoặc ghi mã vào danh mục đơn vị thụ hưởng trước."
        )
    return NewFirm(name, tax_code, _kind_of(name))


def _kind_of(name: str) -> str:
    words = fold(name)
    return next((kind for start, kind in _FIRMS if start in words), "household")


# --- activities ---------------------------------------------------------------------------------------

_SIGNS = (
    ("mo hinh trinh dien", Activity.DEMONSTRATION_MODEL),
    ("nhan rong", Activity.MODEL_REPLICATION),
    ("san xuat sach", Activity.CLEANER_PRODUCTION_MODEL),
    ("day chuyen", Activity.PRODUCTION_LINE),
    ("may moc", Activity.MACHINERY),
    ("thiet bi", Activity.MACHINERY),
    ("chuyen giao cong nghe", Activity.MACHINERY),
    ("to chuc hoi cho", Activity.FAIR_ORGANISATION),
    ("hoi cho", Activity.FAIR_PARTICIPATION),
    ("gian hang", Activity.FAIR_PARTICIPATION),
    ("nhan hieu", Activity.TRADEMARK),
    ("phong trung bay", Activity.SHOWROOM),
    ("bao bi", Activity.PACKAGING),
    ("binh chon", Activity.PRODUCT_SELECTION),
    ("tap huan", Activity.TRAINING),
    ("hoi nghi", Activity.CONFERENCE),
    ("hoi thao", Activity.CONFERENCE),
    ("truyen hinh", Activity.BROADCASTING),
    ("truyen thanh", Activity.BROADCASTING),
    ("ban tin", Activity.PUBLICATION),
    ("hiep hoi", Activity.ASSOCIATION),
    ("lai suat", Activity.INTEREST_SUPPORT),
    ("tham quan", Activity.STUDY_TOUR),
    ("may", Activity.MACHINERY),
)


def activity_of(name: str) -> Activity | None:
    """The activity that the name of a project speaks of, where its words are plain."""
    words = f" {fold(name)} "
    return next((activity for sign, activity in _SIGNS if f" {sign} " in words), None)


def usual_content(activity: str, contents: Mapping[int, str]) -> int | None:
    """The only content of a programme whose name speaks of an activity."""
    signs = [sign for sign, meant in _SIGNS if meant == activity and " " in sign]
    names = {number: f" {' '.join(re.findall(r'[a-z0-9]+', fold(name)))} " for number, name in contents.items()}
    found = [number for number, name in names.items() if any(f" {sign} " in name for sign in signs)]
    return found[0] if len(found) == 1 else None
