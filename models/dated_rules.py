"""Dated rules of the register: recorded on the word of a document and changed by events, one way for every kind."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Generic, TypeVar

from pydantic import ValidationError
from sqlmodel import Session

from models.append import Origin
from models.forms import refuse_invalid
from models.statement import Statement
from models.subjects import change_subject, open_subjects
from states.dated_rules import DatedRule, contradictions
from states.refusal import Refused

Rule = TypeVar("Rule", bound=DatedRule)


@dataclass(frozen=True, slots=True)
class RuleTable(Generic[Rule]):
    """One table of rules: how it is read, how a row is checked, and which of its own columns may change.

    `numbers` may be put right while a rule is in doubt. Of a verified rule they stay, for money was granted by
    them: another level is another row with its own days. `remarks` may always change.
    """

    kind: str
    what: str
    read: Callable[[Session], list[Rule]]
    check_row: Callable[[Any], Rule]
    numbers: frozenset[str]
    remarks: frozenset[str] = frozenset()

    @property
    def of_verified(self) -> frozenset[str]:
        return frozenset({"effective_until", "verified", "doubt"}) | self.remarks

    @property
    def of_unverified(self) -> frozenset[str]:
        return self.of_verified | {"label", "basis", "effective_from"} | self.numbers

    def load(self, session: Session, rules: Sequence[Rule], origin: Origin, *, note: str = "") -> None:
        """Record rules that are known to stand together: those that we ship."""
        open_subjects(session, self.kind, [_columns(rule) for rule in rules], origin, note=note)

    def add(self, session: Session, rules: Sequence[Rule], *, note: str, origin: Origin) -> None:
        """Record new rules, all or none, on the word of a document.

        Raises Refused for a code that is taken and for rules in force on the same day as another one: the old
        rule gets its last day first.
        """
        _refuse_without(note)
        checked = [self._checked(rule) for rule in rules]
        _refuse_contradictions([*self.read(session), *checked])
        self.load(session, checked, origin, note=note)

    def change(self, session: Session, code: str, values: Mapping[str, Any], *, note: str, origin: Origin) -> None:
        """Change a rule by an event. Raises Refused.

        A verified rule that proves wrong is first said to be in doubt again. Verifying a rule takes its doubt away.
        """
        _refuse_without(note)
        known = {rule.id: rule for rule in self.read(session)}
        if code not in known:
            raise Refused(f"Không có {self.what} {code}; hãy xem dean rules list.")
        rule = known[code]
        if strange := sorted(set(values) - (self.of_verified if rule.verified else self.of_unverified)):
            raise Refused(self._cannot_change(rule, strange))
        given = dict(values) | ({"doubt": ""} if values.get("verified") else {})
        changed = self._checked(replace(rule, **given))
        _refuse_contradictions([changed, *(other for other in known.values() if other.id != code)])
        columns = _columns(changed)
        row = Statement(f"SELECT id FROM {self.kind} WHERE code = :code").one(session, code=code)
        change_subject(session, self.kind, row.id, {name: columns[name] for name in given}, origin, note=note)

    def _checked(self, rule: Rule) -> Rule:
        """The rule as the reader of files would take it. Raises Refused."""
        try:
            return self.check_row(asdict(rule))
        except ValidationError as error:
            raise refuse_invalid(error, f"{rule.what} {rule.id}") from error

    def _cannot_change(self, rule: Rule, columns: Sequence[str]) -> str:
        if rule.verified and set(columns) <= self.of_unverified:
            return (
                f"{rule.what} {rule.id} đã kiểm chứng ({rule.basis}) nên không sửa {', '.join(columns)}; mức mới là "
                "một dòng mới có ngày hiệu lực riêng (dean rules add). Nếu dòng này ghi sai, hãy ghi lý do chưa kiểm "
                "chứng (--doubt) trước rồi sửa."
            )
        return f"Không sửa được {', '.join(columns)} của {self.what} {rule.id}; hãy ghi một dòng mới (dean rules add)."


def _columns(rule: DatedRule) -> dict[str, Any]:
    values = asdict(rule)
    code = values.pop("id")
    return {"code": code, **{name: _column(value) for name, value in values.items()}}


def _column(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, tuple):
        return json.dumps([str(item) for item in value])
    return str(value) if isinstance(value, StrEnum) else value


def _refuse_without(note: str) -> None:
    if not note.strip():
        raise Refused("Phải ghi căn cứ hoặc lý do thay đổi (--basis).")


def _refuse_contradictions(rules: Sequence[DatedRule]) -> None:
    if reasons := contradictions(rules):
        raise Refused(*reasons)
