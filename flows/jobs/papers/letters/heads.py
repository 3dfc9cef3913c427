"""Who issues a paper, under which name of the day, and how it is signed."""

from dataclasses import dataclass
from typing import Any

from models.queries.letterheads import Letterhead, letterhead
from models.store import Session
from states.vocabulary import Authority

#: The body to which each belongs directly; it stands above the issuer's name. Basis: NĐ 30/2020/NĐ-CP Phụ lục I.
ABOVE = {Authority.DEPARTMENT: Authority.PROVINCE, Authority.AGENCY: Authority.MINISTRY}
_COUNCIL = "Ủy ban nhân dân"


@dataclass(frozen=True, slots=True)
class Issuer:
    """The issuing body with the one above it, whether a deputy signs for its head, and the letters of who drafts."""

    body: Letterhead
    above: Letterhead | None
    deputy: bool
    drafted_by: str = ""

    def values(self, kind_sign: str) -> dict[str, Any]:
        """The head of a paper. `kind_sign` is the abbreviation of its kind; a công văn has none and names who drafts.

        Basis: NĐ 30/2020/NĐ-CP Phụ lục I, II.
        """
        letters = self.body.letters
        mark = "-".join(part for part in ((kind_sign, letters) if kind_sign else (letters, self.drafted_by)) if part)
        # Nine spaces: room for the number, which the records office gives after signing.
        number = f"ố:{' ' * 9}/{mark}" if self.body.letters else f"ố:{' ' * 12}"
        return {
            "issuer": {
                "parent": _two_lines(self.above) if self.above else "",
                "short": self._short().upper(),
                "name": self.body.name,
                "capitals": self.body.name.upper(),
            },
            "number": f"S{number}",
            "reference": f"s{number}",
            "place_and_day": f"{_town(self)}, ngày … tháng … năm …",
            "signing": self.signing(),
            "archive": ", ".join(part for part in ("VT", self.drafted_by) if part),
        }

    def _short(self) -> str:
        """The province stands in the line above already."""
        if self.above is None or not self.body.place:
            return _two_lines(self.body)
        return self.body.name.removesuffix(self.body.place).strip()

    def signing(self) -> list[str]:
        """Chức vụ in capitals; a deputy signs for the head (KT.), a chairman on behalf of the committee (TM.)."""
        head = (self.body.head or "Thủ trưởng đơn vị").upper()
        lines = ["TM. ỦY BAN NHÂN DÂN"] if self.body.authority is Authority.PROVINCE else []
        if not self.deputy:
            return [*lines, head]
        below = "THỨ TRƯỞNG" if self.body.authority is Authority.MINISTRY else f"PHÓ {head}"
        return [*lines, f"KT. {head}", below]


def issuer(
    session: Session, authority: Authority, on: str, *, unit_name: str = "", deputy: bool = False, section: str = ""
) -> Issuer:
    """Who issues a paper of a day. `section` drafts for the department; for the ministry its agency does."""
    body = letterhead(session, authority, on, unit_name)
    above = ABOVE.get(authority)
    if authority is Authority.UNIT and body.letters:
        above = Authority.DEPARTMENT
    drafted_by = {Authority.DEPARTMENT: section}.get(authority, "")
    if authority is Authority.MINISTRY:
        drafted_by = letterhead(session, Authority.AGENCY, on).letters
    return Issuer(body, letterhead(session, above, on) if above else None, deputy, drafted_by)


def _two_lines(body: Letterhead) -> str:
    """The committee of a province in two lines, as it is always written."""
    if body.name.startswith(f"{_COUNCIL} "):
        return f"{_COUNCIL}\n{body.name.removeprefix(_COUNCIL).strip()}".upper()
    return body.name.upper()


def _town(issuer: Issuer) -> str:
    """The name of the place in the head: that of the province without its kind; national bodies sit in Hà Nội."""
    place = issuer.body.place or (issuer.above.place if issuer.above else "")
    if place:
        return place.removeprefix("tỉnh ").removeprefix("thành phố ")
    return "Hà Nội" if issuer.body.authority in (Authority.MINISTRY, Authority.AGENCY) else "………………"
