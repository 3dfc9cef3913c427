"""What gives a project priority: the criteria, their points as dated rules, and which of them a project meets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from states.activities import Activity
from states.dated_rules import DatedRule, in_first_table
from states.folding import quoted
from states.reading import read_labelled
from states.refusal import Refused
from states.vocabulary import Kind, Labelled, Route


class Criterion(Labelled):
    """A ground for priority.

    Basis: Decision 3082/QĐ-UBND II.3 (areas, sectors, products); NĐ 235/2025/NĐ-CP (owners); TT 36/2013/TT-BCT
    Điều 7 (model projects, and on the national route the areas and sectors of TT 46/2012/TT-BCT Điều 6).
    """

    MODEL_PROJECT = "model_project", "Đề án điểm"

    DIFFICULT_AREA = "difficult_area", "Địa bàn có điều kiện kinh tế - xã hội khó khăn"
    SPECIALLY_DIFFICULT_AREA = "specially_difficult_area", "Địa bàn có điều kiện kinh tế - xã hội đặc biệt khó khăn"
    NEW_RURAL_COMMUNE = "new_rural_commune", "Xã thực hiện Chương trình xây dựng nông thôn mới"

    FARM_MACHINERY = "farm_machinery", "Công nghiệp cơ khí phục vụ nông nghiệp, nông thôn"
    FARM_PROCESSING = "farm_processing", "Công nghiệp chế biến nông sản - thủy sản"
    SUPPORTING_INDUSTRY = "supporting_industry", "Công nghiệp hỗ trợ"
    CLEANER_PRODUCTION = "cleaner_production", "Áp dụng sản xuất sạch hơn"

    TYPICAL_PRODUCT = "typical_product", "Sản phẩm công nghiệp nông thôn tiêu biểu"
    KEY_PRODUCT = "key_product", "Sản phẩm công nghiệp chủ lực của địa phương"
    EXPORT_MARKET = "export_market", "Sản phẩm có thị trường xuất khẩu"
    LOCAL_MATERIAL = "local_material", "Sử dụng nguyên liệu tại chỗ"
    LABOUR_INTENSIVE = "labour_intensive", "Sử dụng nhiều lao động"

    WOMEN_OWNED = "women_owned", "Cơ sở do phụ nữ làm chủ"
    ETHNIC_MINORITY_OWNED = "ethnic_minority_owned", "Cơ sở do người dân tộc thiểu số làm chủ"


#: Facts of the register: a project does not get them by writing them down. Each with where it is recorded.
RECORDED: dict[Criterion, str] = {
    Criterion.MODEL_PROJECT: "loại đề án",
    Criterion.WOMEN_OWNED: "đơn vị thụ hưởng",
    Criterion.ETHNIC_MINORITY_OWNED: "đơn vị thụ hưởng",
}


def read_criterion(text: str) -> Criterion:
    """Read a criterion by its code or its label, accents optional. Raises Refused with every code there is."""
    return read_labelled(Criterion, text, "tiêu chí ưu tiên")


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityRule(DatedRule):
    """What a criterion counts: `points`, or with MODEL_PROJECT a place before all others and no points.

    From `jobs` expected jobs on a project is labour-intensive without saying so; 0: only where it says so.
    """

    what: ClassVar[str] = "Mức ưu tiên"

    activity: None = None
    criterion: Criterion
    points: int
    jobs: int = 0

    @property
    def goes_first(self) -> bool:
        return self.criterion is Criterion.MODEL_PROJECT

    @property
    def level(self) -> str:
        """The level in words: "ưu tiên 10 điểm", "ưu tiên xếp trước"."""
        return "ưu tiên xếp trước" if self.goes_first else f"ưu tiên {self.points} điểm"

    @property
    def governs(self) -> str:
        return self.criterion

    def own_faults(self) -> list[str]:
        faults = []
        if self.goes_first and self.points:
            faults.append("là đề án điểm, được xếp trước chứ không cộng điểm; hãy ghi points: 0.")
        if not self.goes_first and not self.points:
            faults.append("không cho điểm nào; hãy ghi points từ 1 trở lên hoặc bỏ dòng này.")
        if self.jobs and self.criterion is not Criterion.LABOUR_INTENSIVE:
            faults.append("ghi số lao động (jobs) cho tiêu chí khác; hãy chỉ ghi với labour_intensive.")
        return faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Merits:
    """What a project says of itself, and what the register knows of its beneficiaries (true when any of them is)."""

    kind: Kind = Kind.ORDINARY
    activity: str
    priorities: tuple[str, ...] = ()
    expected_jobs: int = 0
    women_owned: bool = False
    ethnic_minority_owned: bool = False


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One criterion that is met: what it counts, by which document, and why it applies here."""

    criterion: Criterion
    label: str
    points: int
    basis: str
    why: str


@dataclass(frozen=True, slots=True)
class Score:
    """The points of a project line by line; `goes_first` before whatever has more points. `remarks` gave none."""

    lines: tuple[ScoreLine, ...]
    goes_first: bool
    remarks: tuple[str, ...]

    @property
    def points(self) -> int:
        return sum(line.points for line in self.lines)


def rules_for(
    rules: Iterable[PriorityRule], *, route: Route, on: date, jurisdiction: str
) -> Mapping[Criterion, PriorityRule]:
    """The rules in force, in the order of the criteria: the province's table on the local route if it has one.

    Raises Refused for two rules of a criterion: nobody could say which of them holds.
    """
    found: dict[Criterion, PriorityRule] = {}
    for rule in in_first_table(rules, route=route, on=on, jurisdiction=jurisdiction):
        if other := found.get(rule.criterion):
            raise Refused(
                f"{rule.what} {other.id} và {rule.id} cùng có hiệu lực cho “{rule.label}”;"
                " hãy sửa ngày hiệu lực của một trong hai."
            )
        found[rule.criterion] = rule
    return {criterion: found[criterion] for criterion in Criterion if criterion in found}


def score(merits: Merits, rules: Mapping[Criterion, PriorityRule]) -> Score:
    """Count what the rules in force give a project, each criterion once however many reasons speak for it."""
    labour = rules.get(Criterion.LABOUR_INTENSIVE)
    met, remarks = criteria_of(merits, many_jobs=labour.jobs if labour else 0)
    lines = tuple(
        ScoreLine(criterion, rule.label, rule.points, rule.basis, met[criterion])
        for criterion, rule in rules.items()
        if criterion in met
    )
    unlisted = tuple(
        f"Tiêu chí “{criterion.label}” ({why}) không có trong bảng ưu tiên đang áp dụng nên không tính."
        for criterion, why in met.items()
        if criterion not in rules
    )
    goes_first = any(rules[line.criterion].goes_first for line in lines)
    return Score(lines, goes_first, (*remarks, *unlisted))


def criteria_of(merits: Merits, *, many_jobs: int = 0) -> tuple[dict[Criterion, str], tuple[str, ...]]:
    """The criteria that a project meets, each with the reason in words, and what it claims in vain.

    `many_jobs` is from how many expected jobs a project is labour-intensive; 0: nobody set it. A specially
    difficult area is not a difficult one as well.
    """
    met = _known(merits, many_jobs)
    remarks = []
    for text in merits.priorities:
        try:
            criterion = read_criterion(text)
        except Refused:
            remarks.append(
                f"Tiêu chí {quoted(text)} không có trong danh mục nên không tính điểm; hãy ghi lại bằng mã hoặc tên"
                " tiêu chí (--priority)."
            )
            continue
        if criterion in RECORDED and criterion not in met:
            remarks.append(
                f"Đề án tự ghi “{criterion.label}” nhưng sổ không ghi như vậy nên không tính; hãy ghi ở"
                f" {RECORDED[criterion]}."
            )
            continue
        met.setdefault(criterion, "đề án đăng ký tiêu chí này")
    if Criterion.SPECIALLY_DIFFICULT_AREA in met:
        met.pop(Criterion.DIFFICULT_AREA, None)
    return {criterion: met[criterion] for criterion in Criterion if criterion in met}, tuple(remarks)


def _known(merits: Merits, many_jobs: int) -> dict[Criterion, str]:
    """What holds whether or not the project says so."""
    facts = {
        Criterion.MODEL_PROJECT: (merits.kind is Kind.MODEL, "loại đề án là đề án điểm"),
        Criterion.CLEANER_PRODUCTION: (
            merits.activity == Activity.CLEANER_PRODUCTION_MODEL,
            "hoạt động là mô hình thí điểm sản xuất sạch hơn",
        ),
        Criterion.LABOUR_INTENSIVE: (
            0 < many_jobs <= merits.expected_jobs,
            f"dự kiến {merits.expected_jobs} lao động, từ {many_jobs} trở lên",
        ),
        Criterion.WOMEN_OWNED: (merits.women_owned, "đơn vị thụ hưởng do phụ nữ làm chủ"),
        Criterion.ETHNIC_MINORITY_OWNED: (
            merits.ethnic_minority_owned,
            "đơn vị thụ hưởng do người dân tộc thiểu số làm chủ",
        ),
    }
    return {criterion: why for criterion, (holds, why) in facts.items() if holds}
