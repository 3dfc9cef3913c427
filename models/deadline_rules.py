"""New deadline rules and new lengths of the office's own, in a way that moves no clock by accident."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from pydantic import ValidationError
from sqlmodel import Session

from models.append import Origin
from models.calendars import office_day, set_rule
from models.deadlines import rebuild
from models.forms import refuse_invalid
from models.rule_file import DeadlineRuleFile, contradicts
from models.rulebook import read_rules
from models.statement import Statement
from models.subjects import change_subject, open_subjects
from states.deadlines import Rule
from states.refusal import Refused
from states.words import format_date


def add_deadline_rules(session: Session, rules: Sequence[DeadlineRuleFile], *, note: str, origin: Origin) -> int:
    """Record new rules, all or none, and answer how many projects got other deadlines by them.

    A rule that is entered after its first day measures the clocks that started since then anew, for the law held
    on that day already. Raises Refused for a taken code and for two rules in force on one day.
    """
    if not note.strip():
        raise Refused("Phải ghi căn cứ hoặc lý do thay đổi (--basis).")
    known = {rule.code: _as_file(rule) for rule in read_rules(session)}
    reasons = [f"Mã {rule.id} đã có; hãy đặt mã khác." for rule in rules if rule.id in known]
    reasons += [
        f"Quy định {rule.id} trùng hiệu lực với {other.id}; hãy ghi ngày hết hiệu lực của {other.id} trước "
        f"(dean rules set {other.id} --until …)."
        for rule in rules
        for other in known.values()
        if rule.id not in known and contradicts(rule, other)
    ]
    if reasons:
        raise Refused(*reasons)
    open_subjects(session, "deadline_rule", [rule.columns() for rule in rules], origin, note=note)
    late = any(rule.active and rule.effective_from <= office_day(origin) for rule in rules)
    return rebuild(session) if late else 0


def set_pace(
    session: Session,
    code: str,
    *,
    length: int | None = None,
    on_day: tuple[int, int] | None = None,
    starts_on: date | None = None,
    note: str,
    origin: Origin,
) -> str:
    """Give an office rule another length, or another day and month, and return the code of the rule that holds then.

    The old rule ends the day before `starts_on`, by default tomorrow, so that a clock that runs keeps the rule it
    started with. A rule that was switched off comes to life. A rule that has not begun is changed in place.
    Raises Refused, above all for law.
    """
    rule = _office_rule(session, code)
    waits = rule.effective_from > office_day(origin)
    first = starts_on or (rule.effective_from if waits else office_day(origin) + timedelta(days=1))
    if first <= office_day(origin):
        raise Refused(
            f"Thời hạn nội bộ mới áp dụng từ ngày mai trở đi, không từ {format_date(first)}; hạn đang chạy giữ nguyên."
        )
    if not note.strip():
        raise Refused("Phải ghi căn cứ hoặc lý do thay đổi (--basis).")
    successor = _successor(rule, length, on_day, first, note)
    if waits:
        if first != rule.effective_from:
            day = format_date(rule.effective_from)
            raise Refused(
                f"Quy định {code} đã định bắt đầu từ {day}; hãy giữ ngày đó (bỏ --from), hoặc đợi đến ngày đó."
            )
        in_place = {**successor.columns(), "code": rule.code}
        row = _ID.one(session, code=code)
        change_subject(session, "deadline_rule", row.id, in_place, origin, note=note)
        return rule.code
    if rule.active:
        set_rule(session, code, {"effective_until": first - timedelta(days=1)}, note=note, origin=origin)
    add_deadline_rules(session, [successor], note=note, origin=origin)
    return successor.id


_ID = Statement("SELECT id FROM deadline_rule WHERE code = :code")


def _office_rule(session: Session, code: str) -> Rule:
    rule = next((rule for rule in read_rules(session) if rule.code == code), None)
    if rule is None:
        raise Refused(f"Không có quy định thời hạn {code}; hãy xem dean rules list.")
    if rule.statutory:
        raise Refused(
            f"Quy định {code} là luật ({rule.basis}); không sửa được. Văn bản mới được ghi thành quy định mới "
            "(dean rules add), quy định cũ chỉ ghi ngày hết hiệu lực (--until)."
        )
    if rule.effective_until is not None:
        raise Refused(
            f"Quy định {code} đã có ngày hết hiệu lực {format_date(rule.effective_until)}; "
            f"hãy sửa quy định đang áp dụng cho {rule.clock} (dean rules list)."
        )
    return rule


def _successor(
    rule: Rule, length: int | None, on_day: tuple[int, int] | None, first: date, note: str
) -> DeadlineRuleFile:
    if (length is None) == (on_day is None) or (on_day is None) == (rule.unit == "date"):
        wanted = "ngày và tháng (--on-day)" if rule.unit == "date" else "số ngày (--length)"
        raise Refused(f"Quy định {rule.code} tính theo {wanted}; hãy ghi đúng mục đó.")
    base = re.sub(r"-\d{8}$", "", rule.code)
    changed = replace(
        rule,
        code=f"{base}-{first:%Y%m%d}",
        length=length,
        month=on_day[1] if on_day else None,
        day=on_day[0] if on_day else None,
        basis=note,
        active=True,
        effective_from=first,
        effective_until=None,
    )
    try:
        return _as_file(changed)
    except ValidationError as error:
        raise refuse_invalid(error, f"Quy định {rule.code}") from error


def _as_file(rule: Rule) -> DeadlineRuleFile:
    values = {name: getattr(rule, name) for name in DeadlineRuleFile.model_fields if name != "id"}
    return DeadlineRuleFile.model_validate({**values, "id": rule.code, "roll": str(rule.roll)})
