"""What a project may say, checked against the register: a new đề án and one that is edited obey the same rules."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import RowMapping, bindparam, text
from sqlmodel import Session

from models.forms import LARGEST, ProjectForm
from states.facts import Person
from states.judge import out_of_scope
from states.refusal import Refused
from states.vocabulary import STATE_FUND, Role

AUTHORS = (Role.CENTRE_OFFICER, Role.COORDINATOR)


def refuse_form(
    session: Session, form: ProjectForm, programme: RowMapping, by: Person, unit_id: int, place_id: int | None
) -> None:
    """Raise Refused with everything that keeps this form from becoming a draft."""
    reasons = out_of_scope(by, unit_id, place_id)
    if by.role not in AUTHORS or not by.active:
        roles = ", ".join(role.label for role in AUTHORS)
        reasons.append(f"{by.role.label} không lập đề án; cần: {roles} (đang hoạt động).")
    if not programme["start_year"] <= form.plan_year <= programme["end_year"]:
        reasons.append(
            f"Năm kế hoạch {form.plan_year} nằm ngoài chương trình {programme['code']} "
            f"({programme['start_year']}–{programme['end_year']}); hãy chọn năm hoặc chương trình khác."
        )
    other = {fund for route, fund in STATE_FUND.items() if route is not form.route} & set(form.amounts)
    if other:
        own = STATE_FUND[form.route].label
        reasons.append(f"Đề án {form.route.label.lower()} chỉ dùng nguồn {own} và đối ứng; hãy bỏ nguồn kia.")
    reasons += unknown_content(session, programme["id"], form.content)
    reasons += unknown_targets(session, programme["id"], form.targets)
    reasons += unknown_beneficiaries(session, form.beneficiaries)
    reasons += days_out_of_order(form.starts_on, form.ends_on)
    if reasons:
        raise Refused(*reasons)


def unknown_content(session: Session, programme_id: int, content: int) -> list[str]:
    contents = set(session.connection().execute(_CONTENTS, {"id": programme_id}).scalars())
    if content in contents:
        return []
    listed = ", ".join(str(number) for number in sorted(contents))
    return [f"Chương trình {_code_of(session, programme_id)} không có nội dung {content}; các nội dung: {listed}."]


def unknown_targets(session: Session, programme_id: int, targets: Iterable[str]) -> list[str]:
    known = set(session.connection().execute(_TARGETS, {"id": programme_id}).scalars())
    strange = sorted(set(targets) - known)
    if not strange:
        return []
    return [
        f"Chương trình {_code_of(session, programme_id)} không có chỉ tiêu {', '.join(strange)} "
        "(dean programme status)."
    ]


def impossible_quantities(targets: Mapping[str, int]) -> list[str]:
    """What a form refuses by its type, for quantities that come without a form."""
    wrong = sorted(target for target, quantity in targets.items() if not 0 <= quantity <= LARGEST)
    return [f"Số lượng của chỉ tiêu {', '.join(wrong)} phải từ 0 đến {LARGEST}; hãy ghi lại."] if wrong else []


def unknown_beneficiaries(session: Session, wanted: tuple[int, ...]) -> list[str]:
    if not wanted:
        return []
    # What no column holds is asked of no database.
    possible = sorted(number for number in set(wanted) if 0 < number <= LARGEST)
    known = set(session.connection().execute(_BENEFICIARIES, {"ids": possible}).scalars())
    unknown = ", ".join(str(beneficiary) for beneficiary in sorted(set(wanted) - known))
    return [f"Không có đơn vị thụ hưởng số {unknown} (dean beneficiary list)."] if unknown else []


_BENEFICIARIES = text("SELECT id FROM beneficiary WHERE id IN :ids").bindparams(bindparam("ids", expanding=True))


def days_out_of_order(starts_on: date | str | None, ends_on: date | str | None) -> list[str]:
    """Compare two days; a day as ISO text is as good as a date."""
    if starts_on and ends_on and str(starts_on) > str(ends_on):
        return ["Ngày bắt đầu sau ngày kết thúc; hãy kiểm tra hai ngày."]
    return []


def _code_of(session: Session, programme_id: int) -> str:
    return str(session.connection().execute(_CODE, {"id": programme_id}).scalar_one())


_CODE = text("SELECT code FROM programme WHERE id = :id")
_CONTENTS = text("SELECT no FROM content WHERE programme_id = :id")
_TARGETS = text("SELECT code FROM target WHERE programme_id = :id")
