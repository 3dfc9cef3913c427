"""Templates of an office before they are used: unknown fields by name, broken tags by paragraph, no macros."""

import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from docx import Document

from documents.letters.filling import environment, problems
from documents.letters.kinds import LETTERS
from documents.letters.word import LARGEST, check, word
from documents.letters.word_templates import default_template

CONTRACT = LETTERS["contract"]


def template(*paragraphs: str, header: str = "") -> bytes:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def repacked(change: Callable[[dict[str, bytes]], Mapping[str, bytes]]) -> bytes:
    """A template with its inner files changed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(template("Số {{ number }}"))) as old:
        files = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in change(files).items():
            new.writestr(name, content)
    return packed.getvalue()


def test_a_template_of_known_fields_is_clean_and_filled() -> None:
    own = template(
        "Bên A: {{ contract.party_a|upper }}",
        "{%p for project in projects %}",
        "{{ loop.index }}. {{ project.name }}{% if loop.last %}.{% endif %}",
        "{%p endfor %}",
        header="{{ mark }}",
    )
    values = {
        "contract": {"party_a": "Sở <Công & Thương>"},
        "projects": [{"name": "{{ x }}"}, {"name": "B"}],
        "mark": "MINH HỌA",
        "cut_off": "",
        "made_at": "2026-01-20T05:00:00+00:00",
    }

    assert check(CONTRACT, own) == []
    made = Document(io.BytesIO(word(values, own)))
    assert [p.text for p in made.paragraphs] == ["Bên A: SỞ <CÔNG & THƯƠNG>", "1. {{ x }}", "2. B."]
    assert made.sections[0].header.paragraphs[0].text == "MINH HỌA"


def test_every_unknown_field_is_named_with_its_paragraph_also_in_headers() -> None:
    own = template(
        "Số {{ nmber }} của {{ contract.party_c }}",
        "{%p for project in projects %}",
        "{{ project.nam }} {{ one.name }}",
        "{%p endfor %}",
        header="{{ marks }}",
    )

    assert check(CONTRACT, own) == [
        "Không có trường «nmber», ở đoạn «Số {{ nmber }} của {{ contract.party_c }}».",
        "Không có trường «contract.party_c», ở đoạn «Số {{ nmber }} của {{ contract.party_c }}».",
        "Không có trường «project.nam», ở đoạn «{{ project.nam }} {{ one.name }}».",
        "Không có trường «one», ở đoạn «{{ project.nam }} {{ one.name }}».",
        "Không có trường «marks», ở đoạn «{{ marks }}».",
    ]


def test_a_broken_tag_is_told_with_its_paragraph() -> None:
    own = template("Căn cứ", "Bên A: {{ contract.party_a }")

    assert check(CONTRACT, own) == [
        "Dấu ngoặc hoặc thẻ viết sai, chưa đóng hoặc không đúng chỗ, ở đoạn «Bên A: {{ contract.party_a }»."
    ]


@pytest.mark.parametrize(
    "attack",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ number.__class__ }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ projects.append(1) }}",
        "{{ lipsum() }}",
        "{% set x = number %}",
        "{% include 'x' %}",
        "{{ number|attr('__class__') }}",
        "{% for project in projects recursive %}{% endfor %}",
        "{{ 'a'*1000000000 }}",
        "{{ 9**9**9 }}",
        "{{ total.projects ~ number }}",
        "{% if 9**9**9 %}x{% endif %}",
        "{{ projects|join('a' * 1000000000) }}",
        "{{ number[:9**9] }}",
        "{% with a = number %}{{ number }}{% endwith %}",
        "{% filter upper %}x{% endfilter %}",
        "{% block a %}x{% endblock %}",
        "{% for a in projects %}{% for b in projects %}{% endfor %}{% endfor %}",
    ],
)
def test_nothing_but_fields_loops_and_conditions_is_taken(attack: str) -> None:
    assert check(CONTRACT, template(attack)) != []


@pytest.mark.parametrize(
    "usual",
    [
        "{% for a in projects %}{% for b in a.targets %}{{ b.name }}{% endfor %}{% endfor %}",
        "{% for a in projects %}{{ loop.index }}{% endfor %}{% for b in projects %}{{ b.code }}{% endfor %}",
        "{% if number and not total.projects == '1' %}{{ number|upper }}{% else %}{{ grounds|join('; ') }}{% endif %}",
        "{{ '.' if mark else ';' }}",
    ],
)
def test_fields_loops_and_conditions_are_taken(usual: str) -> None:
    assert check(CONTRACT, template(usual)) == []


def test_a_field_that_is_missing_from_the_values_is_never_an_empty_place() -> None:
    with pytest.raises(Exception, match="number"):
        environment(autoescape=True).from_string("{{ number }}").render()


def test_a_loop_over_what_is_no_list_is_told() -> None:
    [problem] = problems("{% for x in contract %}{{ x }}{% endfor %}", CONTRACT.fields)

    assert problem.sentence == "vòng lặp for phải viết «for tên in danh_sách», với một trường là danh sách"


def _with_macro(files: dict[str, bytes]) -> dict[str, bytes]:
    return files | {"word/vbaProject.bin": b"macro"}


def _as_docm(files: dict[str, bytes]) -> dict[str, bytes]:
    types = files["[Content_Types].xml"].replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    return files | {"[Content_Types].xml": types}


def _broken(files: dict[str, bytes]) -> dict[str, bytes]:
    return files | {"word/document.xml": b"<w:document"}


def _no_document(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if name != "word/document.xml"}


def _bomb(files: dict[str, bytes]) -> dict[str, bytes]:
    return files | {"word/media/image1.png": bytes(80 * 2**20)}


BROKEN = "Tệp .docx bị hỏng, không mở được; hãy mở bằng Word và lưu lại."
MACRO = "Tệp có macro (.docm); hãy lưu lại dạng .docx không có macro."
BAD: dict[str, tuple[Any, str]] = {
    "macro": (lambda: repacked(_with_macro), MACRO),
    "docm": (lambda: repacked(_as_docm), MACRO),
    "broken": (lambda: repacked(_broken), BROKEN),
    "no document": (
        lambda: repacked(_no_document),
        "Tệp không phải văn bản Word (.docx); hãy mở bằng Word và lưu lại dạng .docx.",
    ),
    "bomb": (
        lambda: repacked(_bomb),
        "Tệp giải nén ra quá lớn; hãy tạo lại mẫu từ dean template export.",
    ),
    "no zip": (lambda: b"Khong phai tep zip", BROKEN),
    "empty": (lambda: b"", BROKEN),
    "cut off": (lambda: default_template(CONTRACT)[:5000], BROKEN),
    "old word": (
        lambda: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600),
        "Tệp là Word cũ (.doc) hoặc có mật khẩu; hãy mở bằng Word, bỏ mật khẩu và lưu lại dạng .docx.",
    ),
    "large": (
        lambda: bytes(LARGEST + 1),
        "Tệp lớn hơn 10 MB; mẫu văn bản chỉ nên có chữ, hãy bỏ bớt hình ảnh.",
    ),
}


@pytest.mark.parametrize("which", BAD)
def test_what_is_no_template_is_refused_with_a_sentence(which: str) -> None:
    make, reason = BAD[which]

    assert check(CONTRACT, make()) == [reason]
