"""A form as it was sent: kept as it was typed, read by the house's readers, with a sentence beside what fails.

form = Fields(await request.form())
amount = form.read("amount", read_amount)          # None where nothing was typed
number = form.read("number", line("Số văn bản"), required="Hãy ghi số văn bản.")
if form.mistakes: …show the page again with `form`…
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from starlette.datastructures import FormData, UploadFile

from flows.jobs.waiting import Waiting
from states.folding import clean_line
from states.reading import read_amount, read_date
from states.refusal import Refused

Value = TypeVar("Value")
Code = TypeVar("Code", bound=StrEnum)


class Fields:
    """What a form holds. Templates ask `form.typed(name)` for what to show again and `form.mistakes[name]` for why."""

    def __init__(self, sent: FormData | Mapping[str, Any] | None = None, waiting: Waiting | None = None) -> None:
        self._sent = sent if sent is not None else {}
        self._anew: set[str] = set()
        #: Sentences by field; those under "" belong to the whole form.
        self.mistakes: dict[str, list[str]] = {}
        #: Where the files of this form wait while it is refused; forms without it keep none.
        self.waiting = waiting
        #: The files that wait: SHA-256 and name by field.
        self.held: dict[str, tuple[str, str]] = dict(self._held_before())

    @property
    def was_sent(self) -> bool:
        """Did a person send the form, or is it shown for the first time?"""
        return bool(self._sent)

    def typed(self, name: str, default: Any = "") -> str:
        """What the person typed, or what the page proposes when nothing was sent yet."""
        if self._sent and name not in self._anew:
            value = self._sent.get(name, "")
            # The one letter that a database cannot hold in a text; no person can type it.
            return value.replace("\0", "") if isinstance(value, str) else ""
        return "" if default is None else str(default)

    def propose_anew(self, name: str) -> None:
        """Forget what came in a field: the page proposes again. A version stays as seen until the person is told."""
        self._anew.add(name)

    def every(self, name: str) -> list[str]:
        """All values of a field that may be ticked several times."""
        if isinstance(self._sent, FormData):
            sent = self._sent.getlist(name)
            return [value.replace("\0", "") for value in sent if isinstance(value, str) and value]
        value: Any = self._sent.get(name, [])
        return [value] if isinstance(value, str) else list(value)

    def ticked(self, name: str, value: str = "1", default: bool = False) -> bool:
        return value in self.every(name) if self._sent else default

    def upload(self, name: str) -> UploadFile | None:
        """The file of a field, or None where none was chosen."""
        value = self._sent.get(name)
        return value if isinstance(value, UploadFile) and value.filename else None

    def uploads(self) -> Iterator[tuple[str, UploadFile]]:
        """Every file that came, by field."""
        for name, value in self._sent.items():
            if isinstance(value, UploadFile) and value.filename:
                yield name, value

    def held_fields(self) -> dict[str, str]:
        """The hidden fields by which the files that wait come again."""
        return {
            field: said
            for name, (digest, file_name) in self.held.items()
            for field, said in ((f"held-{name}", digest), (f"held_name-{name}", file_name))
        }

    def _held_before(self) -> Iterator[tuple[str, tuple[str, str]]]:
        if self.waiting is None:
            return
        for sent in self._sent:
            name = sent.removeprefix("held-")
            if name != sent and self.typed(sent) and not self.ticked(f"drop-{name}"):
                yield name, (self.typed(sent), self.typed(f"held_name-{name}"))

    def read(self, name: str, reader: Callable[[str], Value], *, required: str = "") -> Value | None:
        """Read a field; None where it is empty. A refusal becomes the field's mistake."""
        text = self.typed(name).strip()
        if not text:
            if required:
                self.mistaken(name, required)
            return None
        try:
            return reader(text)
        except Refused as refused:
            self.mistaken(name, *refused.reasons)
            return None

    def line(self, name: str, what: str, *, required: bool = False) -> str:
        """One line of text; empty where nothing was typed."""
        wanted = f"Hãy ghi {what}." if required else ""
        return self.read(name, lambda text: clean_line(text, what), required=wanted) or ""

    def amount(self, name: str, *, required: str = "") -> int | None:
        """Đồng, as people write them: 300.000.000, 300 triệu, 0,3 tỷ."""
        return self.read(name, read_amount, required=required)

    def day(self, name: str, *, required: str = "") -> date | None:
        """A day: 05/08/2026, or 2026-08-05 as a date field of the browser sends it."""
        return self.read(name, read_date, required=required)

    def code(self, name: str, codes: type[Code], *, required: str = "") -> Code | None:
        """One of a closed list."""

        def reader(text: str) -> Code:
            try:
                return codes(text)
            except ValueError:
                raise Refused("Giá trị này không có trong danh sách; hãy chọn lại.") from None

        return self.read(name, reader, required=required)

    def mistaken(self, name: str, *sentences: str) -> None:
        """Put sentences beside a field."""
        self.mistakes.setdefault(name, []).extend(sentences)

    def refused(self, refused: Refused, words: Mapping[str, Sequence[str]] | None = None) -> None:
        """Put each reason of a refusal beside the field whose words it has, else at the head of the form."""
        for reason in refused.reasons:
            low = reason.casefold()
            beside = (name for name, marks in (words or {}).items() if any(mark in low for mark in marks))
            self.mistaken(next(beside, ""), reason)
