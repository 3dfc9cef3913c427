"""The night's work as a plain function: verify the ledger, reconcile its money, add up programmes, list who waits."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from models.queries import waiting_longest
from models.reconciliation import Reconciliation, reconcile
from models.setup import is_demonstration
from models.status import programme_status, programmes
from models.store import Store
from models.verify import Verification, verify
from states.facts import OFFICE_TIME
from states.words import format_date, format_number, format_trieu

#: How many of the longest waiting projects, and of the faults of each kind, the report lists.
LISTED = 15


@dataclass(frozen=True, slots=True)
class NightlyReport:
    """What the night found. Amounts in đồng, days are calendar days since the last step."""

    as_of: date
    at: datetime
    is_demonstration: bool
    programmes: tuple[dict[str, Any], ...]
    waiting: tuple[dict[str, Any], ...]
    verification: Verification
    reconciliation: Reconciliation

    @property
    def ok(self) -> bool:
        """Nothing was changed behind the ledger's back, and every figure of money says the same everywhere."""
        return self.verification.ok and self.reconciliation.ok

    @property
    def faults(self) -> int:
        return len(self.verification.problems) + len(self.reconciliation.differences)

    def as_json(self) -> dict[str, Any]:
        return {
            "as_of": self.as_of.isoformat(),
            "recorded_at": self.at.isoformat(),
            "demonstration": self.is_demonstration,
            "programmes": list(self.programmes),
            "waiting": list(self.waiting),
            "verify": {
                "ok": self.verification.ok,
                "events": self.verification.events,
                "problems": [f"{p.table} {p.key}: {p.what}" for p in self.verification.problems],
            },
            "reconcile": self.reconciliation.as_json(),
        }

    def text(self) -> str:
        """The report as an office person reads it, in plain text."""
        lines = [self._title(), "", self._ledger(), self._money(), ""]
        for status in self.programmes:
            lines += [_programme_line(status), *(_target_line(target) for target in status["targets"]), ""]
        lines += [f"{len(self.waiting)} đề án chờ lâu nhất:" if self.waiting else "Không có đề án nào đang chờ."]
        lines += [
            f"  {row['code']}  {row['days']} ngày  {row['stage_label']}  –  {row['name']}" for row in self.waiting
        ]
        return "\n".join(lines) + "\n"

    def _title(self) -> str:
        mark = " (SỔ MINH HỌA)" if self.is_demonstration else ""
        entered = self.at.astimezone(OFFICE_TIME).date()
        until = "" if entered == self.as_of else f", số liệu ghi đến ngày {format_date(entered)}"
        return f"Báo cáo đêm {format_date(self.as_of)}{mark}{until}"

    def _ledger(self) -> str:
        found = self.verification
        if found.ok:
            return f"Kiểm tra sổ: {format_number(found.events)} sự kiện, không phát hiện sai lệch."
        listed = "\n".join(f"  - {p.table} {p.key}: {p.what}" for p in found.problems[:LISTED])
        return f"CẢNH BÁO: kiểm tra sổ phát hiện {len(found.problems)} sai lệch; chạy dean verify để xem đủ.\n{listed}"

    def _money(self) -> str:
        told = "\n".join(self.reconciliation.lines(most=LISTED))
        return told if self.reconciliation.ok else f"CẢNH BÁO: {told}"


def nightly(store: Store, *, as_of: date, at: datetime) -> NightlyReport:
    """Compute the night's report for one business date. It writes nothing, so running it again changes nothing."""
    verification = verify(store)
    with store.read() as session:
        reconciliation = reconcile(session)
        used = [programme["code"] for programme in programmes(session) if programme["projects"]]
        statuses = tuple(programme_status(session, code, with_projects=False) for code in used)
        evening = datetime.combine(as_of, time.max, OFFICE_TIME)
        # What moved after the date of a report for a past day was not waiting yet, or no longer where it is now.
        waiting = tuple(row for row in waiting_longest(session, at=evening, limit=LISTED) if row["days"] >= 0)
        demonstration = is_demonstration(session)
    return NightlyReport(as_of, at, demonstration, statuses, waiting, verification, reconciliation)


def _programme_line(status: dict[str, Any]) -> str:
    total = status["money"]["total"]
    programme = status["programme"]
    return (
        f"{programme['name']}: {format_number(programme['projects'])} đề án, "
        f"phê duyệt {format_trieu(total['approved'])}, "
        f"nghiệm thu {format_trieu(total['implemented'])}, quyết toán {format_trieu(total['settled'])}."
    )


def _target_line(target: dict[str, Any]) -> str:
    goal = target["quantity"] if target["quantity"] is not None else target["quantity_min"]
    reached = f"{format_number(target['implemented'])}"
    if goal is None:
        return f"  {target['code']}  {reached} {target['unit']} (không áp dụng tỷ lệ)  {target['name']}"
    return (
        f"  {target['code']}  {reached}/{format_number(goal)} {target['unit']}, {target['percent']}%  {target['name']}"
    )
