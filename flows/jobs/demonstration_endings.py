"""How projects of the demonstration end before their work is done: stopped, and the money claimed back."""

from datetime import date, timedelta

from flows.jobs.demonstration_changes import ask, confirm
from flows.jobs.demonstration_days import workday_from
from flows.jobs.demonstration_fates import Fate
from flows.jobs.demonstration_lives import Life, Wish
from states.actions import Action
from states.facts import Instalment
from states.vocabulary import Change
from states.words import format_dong

#: Instalments and what a firm may keep are whole hundred thousands of đồng.
_UNIT = 100_000


def stop_at_request(life: Life) -> None:
    """Stop a project that its unit gives up, before any money was given."""
    life.wait(15, 22)
    ask(
        life,
        "Cơ sở ngừng sản xuất, không còn khả năng thực hiện, đề nghị ngừng triển khai",
        Wish(kinds=frozenset({Change.STOP})),
    )
    confirm(life)
    life.wait(5, 10)
    _stop(life, "Cơ sở không còn khả năng thực hiện; hủy phần kinh phí đã giao", kept=0)


def stop_and_recover(life: Life) -> None:
    """Stop a project that was prepaid, and claim the money back in instalments."""
    match life.fate:
        case Fate.STOPPED_RECOVERED:
            life.wait(12, 20)
            _stop(life, "Cơ sở chuyển nhượng nhà xưởng, không tiếp tục thực hiện", kept=0)
            _claim(life, life.prepaid, days=(20, 45))
            for part in _parts(life.prepaid, 2):
                _receive(life, part, waits=(7, 12))
            _close(life)
        case Fate.WRITTEN_OFF:
            life.wait(70, 80)
            _stop(life, "Dịch bệnh kéo dài, công ty dừng hoạt động từ tháng 8", kept=0)
            _claim(life, life.prepaid, days=(90, 180))
            _receive(life, _parts(life.prepaid, 2)[0], waits=(40, 55))
            _write_off(life)
        case _:
            life.not_before(date(life.work_year, 9, 15))
            life.wait(5, 10)
            # Part of the work was done, and that part of the support stays with the firm.
            kept = life.prepaid // 4 // _UNIT * _UNIT
            _stop(life, "Cơ sở chuyển nhượng nhà xưởng, không tiếp tục thực hiện", kept=kept)
            owed = life.prepaid - kept
            _claim(life, owed, days=(25, 55, 120))
            first, second, third = _parts(owed, 3)
            _receive(life, first, waits=(12, 16))
            # The second instalment was due before the demonstration ends; it comes with the last one.
            life.not_before(date(life.work_year + 1, 2, 25))
            _receive(life, second + third, waits=(1, 3))
            _close(life)


def instalments(life: Life, owed: int, days: tuple[int, ...]) -> tuple[Instalment, ...]:
    """Ask for the money in equal parts, due so many calendar days from now; the last part takes the remainder."""
    due = (workday_from(life.day + timedelta(days=number)) for number in days)
    return tuple(Instalment(day, part) for day, part in zip(due, _parts(owed, len(days)), strict=True))


def _parts(amount: int, number: int) -> list[int]:
    part = amount // number // _UNIT * _UNIT
    return [part] * (number - 1) + [amount - part * (number - 1)]


def _stop(life: Life, note: str, *, kept: int) -> None:
    life.step(Action.STOP, life.desk.coordinator, "QĐ", note=note, amounts={life.fund: kept})
    life.done_on = life.day


def _claim(life: Life, owed: int, *, days: tuple[int, ...]) -> None:
    life.wait(8, 14)
    life.step(
        Action.START_RECOVERY,
        life.desk.coordinator,
        "QĐ",
        note=f"Thu hồi {format_dong(owed)} kinh phí đã tạm ứng",
        instalments=instalments(life, owed, days),
    )


def _receive(life: Life, amount: int, *, waits: tuple[int, int]) -> None:
    life.wait(*waits)
    life.step(Action.RECEIVE_RECOVERY, life.desk.finance, "GNT", amounts={life.fund: amount})


def _close(life: Life) -> None:
    life.wait(1, 3)
    life.step(Action.CLOSE_RECOVERY, life.desk.finance)


def _write_off(life: Life) -> None:
    """A firm that a court declared bankrupt, with nothing left for the state, owes what nobody can collect."""
    life.not_before(date(life.work_year + 2, 6, 5))
    life.step(
        Action.WRITE_OFF,
        life.desk.leader,
        "QĐ",
        note="Tòa án đã tuyên bố công ty phá sản, thi hành án xác nhận không còn tài sản để thu hồi",
    )
