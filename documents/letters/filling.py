"""Fields in double braces: filled with values, and held against the fields that a kind has.

Texts of ours and templates of an office go through the same closed language: fields, loops and conditions. Nothing
in it can call a function or reach beyond the values.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from documents.letters.parts import Each, Fields, Letter, Line, NewPage, Part, Rows, Signatures

#: What a template may do with a value besides printing it.
FILTERS = ("capitalize", "join", "length", "lower", "title", "trim", "upper")
#: What a loop knows of itself.
LOOP: Fields = dict.fromkeys(("index", "index0", "first", "last", "length", "revindex"), "Vị trí trong vòng lặp")
#: All that a template is made of besides fields and loops. What is not named here is refused: no sums and products,
#: which could be made to run for ever, no calls, no variables.
_TAKEN = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Const, nodes.Filter),
    *(nodes.If, nodes.CondExpr, nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand),
)


class Problem(NamedTuple):
    """What is wrong with a template: a field it does not have (`field`), or a sentence; and the line it is in."""

    line: int
    field: str
    sentence: str


def environment(*, autoescape: bool) -> ImmutableSandboxedEnvironment:
    """The closed language. A field that is not there is an error, never an empty place."""
    made = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=autoescape)
    made.filters = {name: made.filters[name] for name in FILTERS}
    made.globals.clear()
    return made


# --- our own texts, for PDF ---------------------------------------------------------------------------


def filled(letter: Letter, values: Mapping[str, Any]) -> dict[str, Any]:
    """What letter.typ sets: the head, and every paragraph and table with its words."""
    return {
        "head": letter.head,
        "title": _said(letter.title, values),
        "about": _said(letter.about, values),
        "addressee": _said(letter.addressee, values),
        "signers": [_said(who, values) for who in letter.signers],
        "blocks": [block for part in signed(letter) for block in _blocks(part, values)],
        **{
            name: values[name]
            for name in ("issuer", "number", "place_and_day", "signing", "recipients", "archive", "mark")
        },
        **{name: values[name] for name in ("cut_off", "made_at")},
    }


def signed(letter: Letter) -> tuple[Part | Signatures, ...]:
    """The parts with the signatures among them: under the text, before the annexes."""
    annex = next((no for no, part in enumerate(letter.parts) if isinstance(part, NewPage)), len(letter.parts))
    return (*letter.parts[:annex], Signatures(), *letter.parts[annex:])


def _blocks(part: Part | Signatures, values: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if isinstance(part, Line):
        text, lead = _said(part.text, values), _said(part.lead, values)
        yield {"kind": "line", "style": part.style, "lead": lead, "text": text, "fills_in": part.fills_in}
    elif isinstance(part, Each):
        for one in _each(part.over, part.name, values):
            for line in part.lines:
                yield from _blocks(line, one)
    elif isinstance(part, Rows):
        yield {
            "kind": "rows",
            "widths": [column.width for column in part.columns],
            "align": [column.align for column in part.columns],
            "head": [column.head for column in part.columns],
            "rows": [
                [_said(column.cell, one) for column in part.columns] for one in _each(part.over, part.name, values)
            ],
            "total": [_said(cell, values) for cell in part.total],
        }
    else:
        yield {"kind": "page" if isinstance(part, NewPage) else "signatures"}


def _each(over: str, name: str, values: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    found: Any = values
    for step in over.split("."):
        found = found[step]
    for index, one in enumerate(found, start=1):
        loop = {"index": index, "index0": index - 1, "first": index == 1, "last": index == len(found)}
        yield {**values, name: one, "loop": loop | {"length": len(found), "revindex": len(found) - index + 1}}


def _said(text: str, values: Mapping[str, Any]) -> str:
    return _text(text).render(values) if "{" in text else text


@cache
def _text(text: str) -> Template:
    return environment(autoescape=False).from_string(text)


# --- any template, before it is used ------------------------------------------------------------------


def problems(source: str, fields: Fields) -> list[Problem]:
    """What is wrong with a template, in the order of its lines; nothing when it can be filled."""
    try:
        tree = environment(autoescape=True).parse(source)
    except TemplateSyntaxError as error:
        return [Problem(error.lineno, "", "dấu ngoặc hoặc thẻ viết sai, chưa đóng hoặc không đúng chỗ")]
    return list(dict.fromkeys(_walk(tree, dict(fields))))


#: Stands among the fields for the lists that are being gone through; no template can write this name.
_LOOPS = "in these loops"


def _walk(node: nodes.Node, scope: dict[str, Any]) -> Iterator[Problem]:
    if isinstance(node, nodes.For):
        yield from _walk_loop(node, scope)
    elif isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
        yield from _resolve(node, scope)[1]
    elif isinstance(node, nodes.Filter) and node.name not in FILTERS:
        yield Problem(node.lineno, "", f"bộ lọc «{node.name}» không dùng được; có {', '.join(FILTERS)}")
    elif not isinstance(node, _TAKEN):
        yield Problem(
            node.lineno, "", "chỉ dùng được trường, for và if; không tính toán, không gọi hàm, không đặt biến"
        )
    else:
        for child in node.iter_child_nodes():
            yield from _walk(child, scope)


def _walk_loop(node: nodes.For, scope: dict[str, Any]) -> Iterator[Problem]:
    over, wrong = _resolve(node.iter, scope)
    yield from wrong
    if not isinstance(node.target, nodes.Name) or node.recursive or not (wrong or isinstance(over, list)):
        yield Problem(node.lineno, "", "vòng lặp for phải viết «for tên in danh_sách», với một trường là danh sách")
        return
    within, path = scope.get(_LOOPS, ()), _written(node.iter)
    if path in within:
        yield Problem(node.lineno, "", f"vòng lặp «for … in {path}» nằm trong chính nó; mỗi danh sách chỉ lặp một lần")
        return
    inner = scope | {
        _LOOPS: (*within, path),
        node.target.name: over[0] if isinstance(over, list) else None,
        "loop": LOOP,
    }
    for child in (*node.body, *([node.test] if node.test else ())):
        yield from _walk(child, inner)
    for child in node.else_:
        yield from _walk(child, scope)


def _resolve(node: nodes.Node, scope: dict[str, Any]) -> tuple[Any, list[Problem]]:
    """What a field stands for, and what is wrong with it. Below something unknown nothing more is said."""
    if isinstance(node, nodes.Name):
        if node.name in scope:
            return scope[node.name], []
        return None, [Problem(node.lineno, node.name, "")]
    if isinstance(node, nodes.Getattr | nodes.Getitem):
        inside, wrong = _resolve(node.node, scope)
        name = _step(node)
        if wrong or inside is None:
            return None, wrong
        if isinstance(inside, list) and isinstance(name, int):
            return inside[0], []
        if isinstance(inside, Mapping) and name in inside:
            return inside[name], []
        return None, [Problem(node.lineno, f"{_written(node.node)}.{name}", "")]
    # What is no field is a value without anything inside: nothing can be reached through it.
    return "", list(_walk(node, scope))


def _step(node: nodes.Getattr | nodes.Getitem) -> Any:
    if isinstance(node, nodes.Getattr):
        return node.attr
    return node.arg.value if isinstance(node.arg, nodes.Const) else "…"


def _written(node: nodes.Node) -> str:
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr | nodes.Getitem):
        return f"{_written(node.node)}.{_step(node)}"
    return "…"
