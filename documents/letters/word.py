"""Word files: any template of a kind filled with values, and held against its kind before that."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from docx import Document
from docxtpl import DocxTemplate  # type: ignore[import-untyped]

from documents.letters.filling import environment, problems
from documents.letters.packing import still
from documents.letters.parts import Letter

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


# --- a template filled --------------------------------------------------------------------------------


def word(values: Mapping[str, Any], template: bytes) -> bytes:
    """Fill a template. It was checked before, so nothing in it can be unknown."""
    document = DocxTemplate(io.BytesIO(template))
    document.render(dict(values), environment(autoescape=True), autoescape=True)
    properties = document.docx.core_properties
    made_at = values["made_at"]
    moment = made_at if isinstance(made_at, datetime) else datetime.fromisoformat(made_at)
    properties.comments = values["cut_off"]
    properties.created = properties.modified = moment.replace(tzinfo=None)
    properties.author = properties.last_modified_by = ""
    written = io.BytesIO()
    document.save(written)
    return still(written.getvalue())


# --- a template before it is used ---------------------------------------------------------------------

#: A template is some pages of text; what is larger is something else, or a bomb.
LARGEST, LARGEST_UNPACKED = 10 * 2**20, 60 * 2**20


class UnusableError(Exception):
    """A template that cannot be used; each argument is a Vietnamese sentence that says why."""

    @property
    def reasons(self) -> tuple[str, ...]:
        return self.args


def check(letter: Letter, template: bytes) -> list[str]:
    """What is wrong with a template of this kind, a sentence each; nothing when it can be used."""
    try:
        refuse_no_document(template)
    except UnusableError as unusable:
        return list(unusable.reasons)
    told: list[str] = []
    for source in _sources(DocxTemplate(io.BytesIO(template))):
        lines = source.split("\n")
        for problem in problems(source, letter.fields):
            where = _words(lines[min(problem.line, len(lines)) - 1])
            what = f"không có trường «{problem.field}»" if problem.field else problem.sentence
            told.append(f"{what}, ở đoạn «{where}».")
    return [f"{sentence[0].upper()}{sentence[1:]}" for sentence in dict.fromkeys(told)]


def refuse_no_document(content: bytes) -> None:
    """Raise UnusableError for what is no Word document, or one with macros or of no reasonable size."""
    if len(content) > LARGEST:
        raise UnusableError("Tệp lớn hơn 10 MB; mẫu văn bản chỉ nên có chữ, hãy bỏ bớt hình ảnh.")
    if content[:8] == bytes.fromhex("d0cf11e0a1b11ae1"):
        raise UnusableError(
            "Tệp là Word cũ (.doc) hoặc có mật khẩu; hãy mở bằng Word, bỏ mật khẩu và lưu lại dạng .docx."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = set(packed.namelist())
            if sum(entry.file_size for entry in packed.infolist()) > LARGEST_UNPACKED:
                raise UnusableError("Tệp giải nén ra quá lớn; hãy tạo lại mẫu từ dean template export.")
            if "word/document.xml" not in names or "[Content_Types].xml" not in names:
                raise UnusableError("Tệp không phải văn bản Word (.docx); hãy mở bằng Word và lưu lại dạng .docx.")
            types = packed.read("[Content_Types].xml")
        if any(name.endswith("vbaProject.bin") for name in names) or b"macroEnabled" in types:
            raise UnusableError("Tệp có macro (.docm); hãy lưu lại dạng .docx không có macro.")
        if b"<!DOCTYPE" in types:
            raise UnusableError("Tệp không phải văn bản Word thông thường; hãy mở bằng Word và lưu lại dạng .docx.")
        Document(io.BytesIO(content))
    except UnusableError:
        raise
    except Exception as error:  # Whatever a broken file makes the reader raise, it is a broken file.
        raise UnusableError("Tệp .docx bị hỏng, không mở được; hãy mở bằng Word và lưu lại.") from error


def _sources(document: Any) -> Iterator[str]:
    """The texts of a template as the filling reads them, a line for each paragraph: body, headers, footers."""
    document.init_docx()
    yield _by_paragraph(document.patch_xml(document.get_xml()))
    for uri in (document.HEADER_URI, document.FOOTER_URI):
        for _, part in document.get_headers_footers(uri):
            yield _by_paragraph(document.patch_xml(document.get_part_xml(part)))


def _by_paragraph(xml: str) -> str:
    return re.sub(r"<w:p([ >])", r"\n<w:p\1", xml.replace("\n", " "))


def _words(xml: str) -> str:
    words = " ".join(re.sub(r"<[^>]+>", "", xml.partition("</w:p>")[0]).split())
    return f"{words[:80]}…" if len(words) > 80 else words
