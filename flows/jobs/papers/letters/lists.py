"""What goes up with a list of projects, and the decision that comes back."""

from flows.jobs.papers.letters.projects import of_all
from flows.jobs.papers.letters.writing import APPROVER, REVIEWER, Values, Writing
from models.queries.letterheads import letterhead
from states.refusal import Refused
from states.vocabulary import Authority, Route, Stage


def proposal_letter(writing: Writing) -> Values:
    subject = writing.subject
    members, up, purpose = subject.members, APPROVER[subject.route], "phê duyệt"
    if not subject.is_list:
        stage = subject.one.facts.stage
        if stage not in (Stage.APPRAISED, Stage.CLEARED):
            raise Refused(
                f"Đề án {subject.name} chưa trình được (đang ở «{subject.one.sheet['stage_label']}»); hãy ghi kết quả "
                "thẩm định của Sở trước."
            )
        members = tuple(one.granting(one.amounts["appraised"]) for one in members)
        if stage is Stage.APPRAISED:
            up, purpose = REVIEWER[subject.route], "thẩm định kinh phí"
    head = writing.head(Authority.DEPARTMENT, "TTr", writing.body(up))
    return head | of_all(members, writing.on) | {"purpose": purpose}


def approval_decision(writing: Writing) -> Values:
    subject, session = writing.subject, writing.occasion.session
    members = subject.members
    if not subject.is_list:
        if subject.one.facts.stage is not Stage.CLEARED:
            raise Refused(
                f"Đề án {subject.name} chưa chờ phê duyệt (đang ở «{subject.one.sheet['stage_label']}»); hãy ghi kết "
                "quả thẩm định của cấp trên trước, hoặc ghi số quyết định đã có."
            )
        members = tuple(one.granting(one.amounts["appraised"]) for one in members)
    authority = APPROVER[subject.route]
    body = letterhead(session, authority, writing.on.isoformat())
    department, finance = writing.body(Authority.DEPARTMENT), writing.body(Authority.FINANCE_DEPARTMENT)
    head = writing.head(authority, "QĐ")
    asked_by = department if subject.route is Route.LOCAL else writing.body(Authority.AGENCY)
    is_province = authority is Authority.PROVINCE
    return (
        head
        | of_all(members, writing.on)
        | {
            "authority": body.name.upper() if is_province else f"{body.head} {body.name}".upper(),
            "department": department,
            "executors": (
                f"Chánh Văn phòng {body.name}, Giám đốc {department}, Giám đốc {finance}"
                if is_province
                else f"Chánh Văn phòng Bộ, {asked_by}, {department}"
            ),
            "grounds": [
                *head["grounds"],
                f"Theo đề nghị của {asked_by} tại Tờ trình số … ngày … tháng … năm …",
            ],
            "recipients": ["Như Điều 3", writing.body(REVIEWER[subject.route])],
        }
    )
