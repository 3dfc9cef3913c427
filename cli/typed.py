"""What people type at a terminal, read by the rules of the house: amounts, days, codes, words of the trade."""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

import click

from states.actions import Action
from states.contacts import read_short_code
from states.folding import clean_line, fold, quoted
from states.reading import read_amount, read_code, read_date, read_id, read_pair, read_quantity
from states.refusal import Refused
from states.vocabulary import Authority, Change, Kind, Role, Route, Source, Stage, State


class Typed(click.ParamType[Any]):
    """A value read by one of the house's readers, which refuses with a sentence of its own."""

    def __init__(self, name: str, read: Callable[[str], Any]) -> None:
        self.name = name
        self._read = read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return self._read(value) if isinstance(value, str) else value


class Coded(click.ParamType[Any]):
    """One of a closed list of codes; the Vietnamese label and a code with hyphens are understood too."""

    def __init__(self, name: str, labels: Mapping[str, str], also: Mapping[str, str] | None = None) -> None:
        self.name = name
        self._labels = labels
        self._known = {fold(label): code for code, label in labels.items()}
        self._known |= {fold(word): code for word, code in (also or {}).items()}
        self._known |= {code: code for code in labels}

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        typed = fold(value)
        code = self._known.get(typed) or self._known.get(typed.replace("-", "_").replace(" ", "_"))
        if code is None:
            near = [self._known[word] for word in get_close_matches(typed, self._known, n=3)]
            meant = (
                f"có phải {' hoặc '.join(dict.fromkeys(near))}?" if near else f"hãy chọn: {', '.join(self._labels)}."
            )
            self.fail(f"không hiểu {quoted(value)}; {meant}", param, ctx)
        return code


def whole_number(what: str, least: int, most: int) -> Typed:
    """A plain number between two bounds; `what` begins the refusal."""

    def read(value: str) -> int:
        typed = value.strip()
        if typed.isascii() and typed.isdigit() and len(typed) < 20 and least <= int(typed) <= most:
            return int(typed)
        raise Refused(f"{what} {quoted(value)} không hợp lệ; hãy gõ một số nguyên từ {least} đến {most}.")

    return Typed("số", read)


def line(what: str) -> Typed:
    """One line of text in NFC without anything invisible."""
    return Typed("chữ", lambda value: clean_line(value, what))


def pair(what: str, name: str, read_name: Callable[[str], Any], read_value: Callable[[str], Any]) -> Typed:
    """An option NAME=VALUE."""

    def read(value: str) -> tuple[Any, Any]:
        left, right = read_pair(value, what)
        return read_name(left), read_value(right)

    return Typed(name, read)


def once_each(pairs: Iterable[tuple[Any, Any]], option: str) -> dict[Any, Any]:
    """Collect pairs. Raises Refused for a name given twice: nobody can say which one is meant."""
    collected: dict[Any, Any] = {}
    for name, value in pairs:
        if name in collected:
            raise Refused(f"{option} {name} ghi hai lần; hãy giữ một lần.")
        collected[name] = value
    return collected


def _labels(codes: Iterable[Any]) -> dict[str, str]:
    return {str(code): code.label for code in codes}


class Member(Coded):
    """A member of a vocabulary enum."""

    def __init__(self, name: str, codes: type[StrEnum], also: Mapping[str, str] | None = None) -> None:
        super().__init__(name, _labels(codes), also)
        self._codes = codes

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return value if isinstance(value, self._codes) else self._codes(super().convert(value, param, ctx))


class _Step(click.ParamType[Any]):
    """A step of the lifecycle by code or Vietnamese label."""

    name = "bước"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Action:
        # The labels stand in the lifecycle table, which the commands without steps never load.
        from states.steps import STEPS

        labels = {str(step.action): step.label for step in STEPS}
        return Action(Coded(self.name, labels).convert(value, param, ctx))


def _fund_amount(value: str) -> tuple[Source | None, int]:
    """Read SOURCE=AMOUNT, or an amount alone: that of the project's own state fund, whichever it is."""
    read: tuple[Source | None, int] = (
        SOURCE_AMOUNT.convert(value, None, None) if "=" in value else (None, read_amount(value))
    )
    return read


def _project_amount(value: str) -> tuple[str, int | None]:
    """Read the code of a project, or CODE=AMOUNT."""
    read: tuple[str, int | None] = (
        _PROJECT_AMOUNT.convert(value, None, None) if "=" in value else (read_code(value), None)
    )
    return read


SHORT_CODE = Typed("mã", read_short_code)
AMOUNT = Typed("số tiền", read_amount)
QUANTITY = Typed("số lượng", read_quantity)
DAY = Typed("ngày", read_date)
CODE = Typed("mã", read_code)
ROW_ID = Typed("mã số", read_id)
YEAR = whole_number("Năm", 2000, 2100)
CONTENT = whole_number("Nội dung", 0, 99)
VERSION = whole_number("Phiên bản", 1, 2**63 - 1)
STEP = _Step()
ROUTE = Member("tuyến", Route, {"quốc gia": "national", "KCQG": "national", "địa phương": "local", "KCĐP": "local"})
KIND = Member("loại", Kind, {"thường": "ordinary", "nhóm": "group", "điểm": "model"})
STATE = Member("trạng thái", State)
STAGE = Member("giai đoạn", Stage)
ROLE = Member("vai trò", Role)
AUTHORITY = Member("cơ quan", Authority, {"Cục": "agency", "Bộ": "ministry", "Sở": "department", "UBND": "province"})
SOURCE = Member(
    "nguồn",
    Source,
    {"KCQG": "national_fund", "quốc gia": "national_fund", "KCĐP": "local_fund", "địa phương": "local_fund"},
)
CHANGE = Member("loại điều chỉnh", Change)
SOURCE_AMOUNT = pair("Số tiền", "nguồn=số tiền", lambda name: SOURCE.convert(name, None, None), read_amount)
FUND_AMOUNT = Typed("số tiền", _fund_amount)
_PROJECT_AMOUNT = pair("Đề án", "mã=số tiền", read_code, read_amount)
PROJECT_AMOUNT = Typed("mã", _project_amount)
DAY_AMOUNT = pair("Kỳ hạn hoàn trả", "ngày=số tiền", read_date, read_amount)
TARGET_QUANTITY = pair(
    "Chỉ tiêu", "chỉ tiêu=số lượng", lambda name: clean_line(name, "Mã chỉ tiêu").upper(), read_quantity
)
