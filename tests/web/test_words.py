"""What pages say: every sentence has its English, figures and days are printed as the language does."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import nodes

import web
from states.steps import STEPS
from states.vocabulary import Kind, MoneyKind, Paper, Role, Route, Source, Stage, State
from web import words
from web.rendering import TEMPLATES

ROOM = Path(web.__file__).parent
SCRIPTS = sorted(ROOM.rglob("*.py"))
PAGES = sorted((ROOM / "templates").rglob("*.html"))


def said_in_templates() -> Iterator[tuple[str, str]]:
    """Every constant first argument of t() in a template, with where it stands."""
    for path in PAGES:
        tree = TEMPLATES.parse(path.read_text(encoding="utf-8"))
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "t":
                yield from ((constant, path.name) for constant in _constants(call.args[0]))


def _constants(node: nodes.Expr) -> Iterator[str]:
    if isinstance(node, nodes.Const):
        yield node.value
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.Const) and isinstance(node, nodes.CondExpr) and child is not node.test:
            yield child.value


def said_in_scripts() -> Iterator[tuple[str, str]]:
    for path in SCRIPTS:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0]
            if name == "t" and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value, path.name


def test_every_sentence_of_the_pages_has_its_english() -> None:
    said = dict((*said_in_templates(), *said_in_scripts()))

    assert {sentence: where for sentence, where in said.items() if sentence not in words.english()} == {}


@pytest.mark.parametrize("codes", [Kind, MoneyKind, Paper, Role, Route, Source, Stage, State])
def test_every_label_of_the_trade_has_its_english(codes: type[Role]) -> None:
    assert [code.label for code in codes if code.label not in words.english()] == []


def test_every_step_has_its_english() -> None:
    assert [step.label for step in STEPS if step.label not in words.english()] == []


def test_translations_keep_the_places_for_values() -> None:
    places = re.compile(r"\{(\w+)\}")
    wrong = [v for v, e in words.english().items() if sorted(places.findall(v)) != sorted(places.findall(e))]

    assert wrong == []


@pytest.mark.parametrize(
    ("language", "printed"), [("vi", ("1.234.567", "1,5", "−2.000", "–")), ("en", ("1,234,567", "1.5", "−2,000", "–"))]
)
def test_figures_are_printed_as_the_language_does(language: str, printed: tuple[str, ...]) -> None:
    with words.spoken(language):
        said = (words.number(1_234_567), words.trieu(1_500_000), words.dong(-2000), words.dong(None))

    assert said == printed


def test_trieu_is_never_rounded() -> None:
    assert [words.trieu(amount) for amount in (1, 1_000_001, -500_000, 0)] == ["0,000001", "1,000001", "−0,5", "0"]


def test_days_and_instants_stand_on_the_offices_clock() -> None:
    assert words.day("2026-08-05") == "05/08/2026"
    assert words.instant("2026-08-05T18:30:00.000000Z") == "06/08/2026 01:30"
    assert (words.day(None), words.instant("")) == ("–", "–")


def test_english_is_spoken_only_while_the_page_is_made() -> None:
    with words.spoken("en"):
        inside = words.language()

    assert (inside, words.language()) == ("en", "vi")
