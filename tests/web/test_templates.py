"""What the policy forbids does not stand in a template in the first place; a browser would only drop it silently."""

import re
from pathlib import Path

import pytest

import web
from web.rendering import STATIC, TEMPLATES, address

PAGES = sorted((Path(web.__file__).parent / "templates").rglob("*.html"))
FORBIDDEN = {
    "a style of its own": r"<[^>]+\sstyle=",
    "a script of its own": r"<script(?![^>]*\bsrc=)",
    "a handler in an attribute": r"<[^>]+\son[a-z]+=",
    "an address elsewhere": r"(?:src|href|action)=[\"'](?:https?:)?//(?!www\.w3\.org)",
}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
@pytest.mark.parametrize("what", FORBIDDEN)
def test_template_has_nothing_that_the_policy_forbids(path: Path, what: str) -> None:
    assert re.findall(FORBIDDEN[what], path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_only_texts_of_the_template_itself_are_marked_as_safe(path: Path) -> None:
    marked = re.findall(r"(\S+)\s*\|\s*safe\b", path.read_text(encoding="utf-8"))

    assert [text for text in marked if not text.endswith(("'", '"'))] == []


def test_every_template_can_be_read() -> None:
    for name in TEMPLATES.list_templates():
        TEMPLATES.get_template(name)


def test_style_sheets_ask_nobody_outside() -> None:
    for path in STATIC.glob("*.css"):
        assert re.findall(r"url\((?!['\"]?data:)|@import", path.read_text(encoding="utf-8")) == []


def test_address_leaves_out_what_is_empty_and_repeats_a_list() -> None:
    assert address("/a", b=1, c=None, d="", e=["x", "y"]) == "/a?b=1&e=x&e=y"
    assert address("/a", b=None) == "/a"
