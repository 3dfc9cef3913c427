"""The office's own templates: files in its home that win over the ones that we ship, checked before they are used."""

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from flows.jobs.papers.letters.kinds import LETTER_KINDS
from flows.jobs.settings import Settings
from states.folding import fold, quoted
from states.refusal import Refused

# The makers of Word files take a third of a second to import.
if TYPE_CHECKING:
    from documents.letters.parts import Letter


@dataclass(frozen=True, slots=True)
class TemplateState:
    """The template of one kind: its file when it is the office's own, the fields it may use, what is wrong with it."""

    kind: str
    label: str
    needs: str
    own: Path | None
    fields: tuple[tuple[str, str], ...]
    problems: tuple[str, ...] = ()


def folder(settings: Settings) -> Path:
    return settings.home / "templates"


def letter_of(kind: str) -> "Letter":
    """The kind by its code, hyphens as good as underscores. Raises Refused for an unknown one."""
    from documents.letters.kinds import LETTERS

    found = LETTERS.get(kind.replace("-", "_"))
    if found is None:
        raise Refused(f"Không có loại văn bản {quoted(kind)}; hãy chọn một trong: {', '.join(LETTERS)}.")
    return found


def own_template(place: Path, kind: str) -> Path | None:
    """The office's own file of a kind. Raises Refused where it is there under a name that is not used."""
    path = place / f"{kind}.docx"
    for ending in ("doc", "docm", "dotx", "dotm"):
        if (place / f"{kind}.{ending}").exists() and not path.exists():
            raise Refused(f"Mẫu {kind}.{ending} không dùng được; hãy mở bằng Word, bỏ macro và lưu lại là {kind}.docx.")
    return path if path.is_file() else None


def template_states(settings: Settings, kind: str | None = None, *, check: bool = False) -> list[TemplateState]:
    """Every kind, or one of them, with whose template it has; `check` also reads the office's own files."""
    from documents.letters.fields import listed

    letters = [letter_of(kind)] if kind else [letter_of(name) for name in LETTER_KINDS]
    return [
        TemplateState(
            letter.kind,
            letter.label,
            LETTER_KINDS[letter.kind].needs,
            own := _own(folder(settings), letter.kind),
            tuple(listed(letter.fields)),
            tuple(_problems(folder(settings), letter, own)) if check else (),
        )
        for letter in letters
    ]


def misnamed(settings: Settings) -> list[str]:
    """A sentence for each file of the office's folder that is no kind's template and would wait there in vain."""
    place = folder(settings)
    if not place.is_dir():
        return []
    # Word's own lock files and hidden files come and go by themselves.
    found = sorted(path.name for path in place.iterdir() if path.is_file() and not path.name.startswith((".", "~")))
    return [
        f"Tệp {quoted(name)} không mang tên loại văn bản nào nên không được dùng; hãy đổi tên thành {_meant(name)}."
        for name in found
        if name.removesuffix(".docx") not in LETTER_KINDS and Path(name).stem not in LETTER_KINDS
    ]


def _meant(name: str) -> str:
    """The file name that was probably meant: the kind is like it, or its Vietnamese label begins so."""
    stem = _letters(Path(name).stem)
    alike = [kind for kind in LETTER_KINDS if stem and _letters(letter_of(kind).label).startswith(stem)]
    alike = alike or get_close_matches(stem, LETTER_KINDS, n=1)
    return f"{alike[0]}.docx" if len(alike) == 1 else "LOẠI.docx (các loại: dean template list)"


def _letters(words: str) -> str:
    return "".join(character for character in fold(words) if character.isalnum() or character == "_")


def _own(place: Path, kind: str) -> Path | None:
    try:
        return own_template(place, kind)
    except Refused:
        return None


def _problems(place: Path, letter: "Letter", own: Path | None) -> list[str]:
    from documents.letters.word import check

    try:
        own_template(place, letter.kind)
    except Refused as refused:
        return list(refused.reasons)
    return check(letter, own.read_bytes()) if own else []


def template(settings: Settings, letter: "Letter") -> bytes:
    """The template to fill: the office's own, else ours. Raises Refused with everything that is wrong with it."""
    from documents.letters.word import check
    from documents.letters.word_templates import default_template

    own = own_template(folder(settings), letter.kind)
    if own is None:
        return default_template(letter)
    content = own.read_bytes()
    wrong = check(letter, content)
    if wrong:
        raise Refused(
            f"Mẫu riêng {own.name} chưa dùng được; hãy sửa các điểm sau (dean template check {letter.kind}).",
            *wrong,
        )
    return content


def exported(kind: str) -> tuple[str, bytes]:
    """The template that we ship, to start an own one from: file name and content."""
    from documents.letters.word_templates import default_template

    letter = letter_of(kind)
    return f"{letter.kind}.docx", default_template(letter)
