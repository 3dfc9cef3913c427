"""The option --paper: a kind of paper, a file, or both, read into enclosures; and files kept beside the register."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from states.facts import Enclosure, Facts
from states.folding import clean_line, fold, nfc, quoted
from states.lifecycle import Step
from states.named_papers import named_paper, paper_kinds
from states.refusal import Refused
from states.vocabulary import Paper

if TYPE_CHECKING:
    from cli.door import Desk

#: A scanned decision with its annex has some megabytes; a larger file is a mistake.
LARGEST_FILE = 50 * 1024 * 1024

Result = TypeVar("Result")

paper_option = click.option(
    "--paper",
    "papers",
    metavar="LOẠI=TỆP",
    multiple=True,
    help="Giấy tờ kèm theo: LOẠI=TỆP; LOẠI (bản giấy đã có); hoặc chỉ TỆP khi bước còn thiếu đúng một giấy tờ.",
)


@dataclass(frozen=True, slots=True)
class Bundle:
    """Enclosures to record, and the contents of those that came as files."""

    enclosures: tuple[Enclosure, ...]
    contents: tuple[bytes, ...]


def read_papers(typed: Sequence[str], *, facts: Facts | None = None, step: Step | None = None) -> Bundle:
    """Read every --paper. Raises Refused with a sentence for each that cannot be understood or read.

    With a step, the items that were asked for count as kinds too, and a bare file is the one paper that the
    step still lacks.
    """
    missing = facts.missing if facts else ()
    named = [_named(text, missing) for text in typed]
    lacking = _lacking(facts, step, [enclosure for enclosure, _ in named if enclosure]) if facts and step else []
    reasons: list[str] = []
    enclosures, contents = [], []
    for text, (enclosure, path) in zip(typed, named, strict=True):
        try:
            chosen = enclosure or _only(lacking, text, step)
            content = None if path is None else _content(path)
        except Refused as refused:
            reasons += refused.reasons
            continue
        if path is not None and content is not None:
            chosen = _with_file(chosen, path, content)
            contents.append(content)
        enclosures.append(chosen)
    if reasons:
        raise Refused(*reasons)
    return Bundle(tuple(enclosures), tuple(contents))


def bare_file_as(kind: Paper, text: str) -> str:
    """Take a bare file for the paper that a command is about."""
    return text if "=" in text or not Path(text).is_file() else f"{kind}={text}"


def _named(text: str, missing: Sequence[str]) -> tuple[Enclosure | None, Path | None]:
    """Split one --paper into what is named before the equals sign, if anything is, and the file after it."""
    whole = named_paper(text, missing)
    if whole is not None:
        return whole, None
    left, equals, right = text.partition("=")
    named = named_paper(left, missing)
    if equals and named is not None:
        if not right.strip():
            raise Refused(f"Thiếu tên tệp sau dấu “=” trong {quoted(text)}; hãy ghi LOẠI=TỆP, hoặc chỉ LOẠI.")
        return named, Path(right.strip())
    if Path(text).exists():
        return None, Path(text)
    raise Refused(_unknown(left if equals else text, is_kind=bool(equals)))


def _unknown(text: str, *, is_kind: bool) -> str:
    near = get_close_matches(fold(text), paper_kinds(), n=3, cutoff=0.5)
    meant = " hoặc ".join(dict.fromkeys(f"{paper_kinds()[word]} ({paper_kinds()[word].label})" for word in near))
    hint = f"có phải {meant}?" if near else "hãy ghi mã hoặc tên giấy tờ, ví dụ dossier=de-an.pdf."
    what = "loại giấy tờ" if is_kind else "loại giấy tờ hay tệp"
    return f"Không có {what} {quoted(text)}; {hint}"


def _lacking(facts: Facts, step: Step, given: Sequence[Enclosure]) -> list[Enclosure]:
    """What the step still asks for; when that is nothing, the paper that the step itself makes."""
    kinds = {enclosure.kind for enclosure in given}
    answered = {str(kind) for kind in kinds} | {fold(kind.label) for kind in kinds} | {fold(e.title) for e in given}
    asked = [Enclosure(kind) for kind in step.papers if kind not in kinds and kind not in facts.papers]
    for item in facts.missing:
        enclosure = named_paper(item, facts.missing)
        if enclosure and fold(item) not in answered and enclosure not in asked:
            asked.append(enclosure)
    if not asked and step.act is not None and step.act not in kinds:
        return [Enclosure(step.act)]
    return asked


def _only(lacking: Sequence[Enclosure], text: str, step: Step | None) -> Enclosure:
    if len(lacking) == 1:
        return lacking[0]
    if step is None:
        raise Refused(f"Chưa rõ {quoted(text)} là giấy tờ gì; hãy ghi --paper LOẠI={text}.")
    if not lacking:
        raise Refused(f"Bước «{step.label}» không còn thiếu giấy tờ nào; hãy ghi rõ --paper LOẠI={text}.")
    listed = ", ".join(f"{each.kind} ({each.title or each.kind.label})" for each in lacking)
    raise Refused(
        f"Bước còn thiếu nhiều giấy tờ: {listed}; hãy ghi rõ {quoted(text)} là giấy tờ nào (--paper LOẠI=TỆP)."
    )


def _content(path: Path) -> bytes:
    shown = quoted(str(path))
    if not path.exists():
        raise Refused(f"Không có tệp {shown}; hãy kiểm tra đường dẫn.")
    if not path.is_file():
        raise Refused(f"{shown} không phải là tệp; hãy chỉ đúng một tệp.")
    size = path.stat().st_size
    if size == 0:
        raise Refused(f"Tệp {shown} rỗng; hãy chọn tệp có nội dung.")
    if size > LARGEST_FILE:
        raise Refused(
            f"Tệp {shown} lớn hơn {LARGEST_FILE // 1024 // 1024} MB; hãy nén hoặc quét lại với dung lượng nhỏ hơn."
        )
    return path.read_bytes()


def _with_file(enclosure: Enclosure, path: Path, content: bytes) -> Enclosure:
    name = clean_line(nfc(path.name), "Tên tệp")
    digest = hashlib.sha256(content).hexdigest()
    return Enclosure(enclosure.kind, enclosure.title, sha256=digest, size=len(content), file_name=name)


def record(desk: "Desk", by: str | None, bundle: Bundle, entry: Callable[[Any], Result]) -> Result:
    """Record an entry with its files: a refused one leaves no file behind."""
    from models.recording import record_with_files

    return record_with_files(lambda: desk.writing(by), desk.store.files, bundle.contents, entry)
