"""What a night found, as figures and as the words of its report; the work itself is `flows.jobs.night`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.chain import canonical, digest
from models.night_share import NIGHTS
from models.reconciliation import Reconciliation
from models.seals import Seal
from models.slots import Overdue
from models.verify import Verification
from states.facts import OFFICE_TIME
from states.words import format_date, format_number, format_trieu

#: How many of the longest waiting projects, and of the faults of each kind, the report lists.
LISTED = 15


@dataclass(frozen=True, slots=True)
class Sealing:
    """The seal of the last day that was over, and the sentences that say which seals do not hold."""

    seal: Seal | None
    problems: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.problems


@dataclass(frozen=True, slots=True)
class Publishing:
    """The figures published in the night: the mart's name and hash, or the sentences that say why there is none."""

    mart: str = ""
    content_hash: str = ""
    differences: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.differences


@dataclass(frozen=True, slots=True, kw_only=True)
class NightlyReport:
    """What the night found. Amounts in đồng, days are calendar days since the last step."""

    as_of: date
    at: datetime
    is_demonstration: bool
    programmes: tuple[dict[str, Any], ...]
    waiting: tuple[dict[str, Any], ...]
    verification: Verification
    reconciliation: Reconciliation
    sealing: Sealing
    publishing: Publishing
    overdue: tuple[Overdue, ...] = ()

    @property
    def ok(self) -> bool:
        """Nothing was changed behind the ledger's back, and every figure of money says the same everywhere."""
        return self.verification.ok and self.reconciliation.ok and self.sealing.ok and self.publishing.ok

    @property
    def faults(self) -> int:
        return sum(self.faults_of().values())

    def faults_of(self) -> dict[str, int]:
        """How many faults each part of the night found."""
        return {
            "verify": len(self.verification.problems),
            "reconcile": len(self.reconciliation.differences),
            "seal": len(self.sealing.problems),
            "mart": len(self.publishing.differences),
        }

    def outcome(self) -> dict[str, Any]:
        """What the slot ledger keeps: the same for a night that was cut off and run again as for a quiet one.

        Hence no instant, and nothing of other runs.
        """
        told = self.as_json()
        own = {name: told[name] for name in told if name not in ("recorded_at", "overdue")}
        return {
            "events": self.verification.events,
            "faults": self.faults,
            "faults_of": self.faults_of(),
            "seal": self.sealing.seal.code if self.sealing.seal else "",
            "mart": self.publishing.content_hash,
            "report": digest(canonical(own)),
        }

    def as_json(self) -> dict[str, Any]:
        seal = self.sealing.seal
        return {
            "as_of": self.as_of.isoformat(),
            "recorded_at": self.at.isoformat(),
            "demonstration": self.is_demonstration,
            "programmes": list(self.programmes),
            "waiting": list(self.waiting),
            "verify": {
                "ok": self.verification.ok,
                "events": self.verification.events,
                "subjects": self.verification.subjects,
                "rebuilt": self.verification.rebuilt,
                "problems": [f"{p.table} {p.key}: {p.what}" for p in self.verification.problems],
            },
            "reconcile": self.reconciliation.as_json(),
            "seal": {"ok": self.sealing.ok, "problems": list(self.sealing.problems)}
            | {"newest": seal.as_json() if seal else None},
            "mart": {
                "ok": self.publishing.ok,
                "name": self.publishing.mart,
                "content_hash": self.publishing.content_hash,
                "differences": list(self.publishing.differences),
            },
            "overdue": [{"job": str(o.job), "on": o.on.isoformat(), "reason": o.reason} for o in self.overdue],
        }

    def text(self) -> str:
        """The report as an office person reads it, in plain text."""
        lines = [
            self._title(),
            "",
            self._ledger(),
            self._money(),
            *self._sealed(),
            *self._published(),
            *self._missed(),
            "",
        ]
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
        checked = "" if found.is_whole else f"\n{_share_line(found)}"
        if found.ok:
            return f"Kiểm tra sổ: {format_number(found.events)} sự kiện, không phát hiện sai lệch.{checked}"
        listed = "\n".join(f"  - {p.table} {p.key}: {p.what}" for p in found.problems[:LISTED])
        told = f"CẢNH BÁO: kiểm tra sổ phát hiện {len(found.problems)} sai lệch; chạy dean verify để xem đủ."
        return f"{told}\n{listed}{checked}"

    def _money(self) -> str:
        told = "\n".join(self.reconciliation.lines(most=LISTED))
        return told if self.reconciliation.ok else f"CẢNH BÁO: {told}"

    def _sealed(self) -> list[str]:
        """The code of the seal leaves the house with the report: a copy of the register put back is found by it."""
        broken = self.sealing.problems
        lines = _warned("niêm không khớp; chạy dean seal verify để xem đủ.", broken) if broken else []
        return [*lines, self.sealing.seal.words if self.sealing.seal else "Chưa có niêm nào."]

    def _published(self) -> list[str]:
        if self.publishing.differences:
            return _warned("số liệu tổng hợp hai cách không khớp nên không công bố.", self.publishing.differences)
        if not self.publishing.mart:
            return ["Đêm nay chưa công bố số liệu tổng hợp."]
        return [f"Số liệu đã công bố: {self.publishing.mart}, mã {self.publishing.content_hash}."]

    def _missed(self) -> list[str]:
        if not self.overdue:
            return []
        told = [f"{o.job.label} ngày {format_date(o.on)}: {o.reason}" for o in self.overdue]
        return _warned("việc định kỳ chưa chạy; xem dean runs missed.", told)


def _share_line(found: Verification) -> str:
    """What a night that did not rebuild everything says of it."""
    return (
        f"Đêm nay dựng lại {format_number(found.rebuilt)} trên {format_number(found.subjects)} hồ sơ từ sự kiện, "
        f"toàn bộ trong {NIGHTS} đêm; mọi hồ sơ còn lại được soát mã băm, số thứ tự, bước đang đứng và số tiền."
    )


def _warned(head: str, sentences: Sequence[str]) -> list[str]:
    """The first sentences of a kind of fault under their head."""
    rest = len(sentences) - LISTED
    more = [f"  … và {format_number(rest)} chỗ nữa."] if rest > 0 else []
    return [f"CẢNH BÁO: {head}", *(f"  - {sentence}" for sentence in sentences[:LISTED]), *more]


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
