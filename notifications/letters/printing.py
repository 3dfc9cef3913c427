"""A page printed twice: as text written for a phone, and as HTML for mail programs."""

from collections.abc import Iterator
from functools import cache
from itertools import count

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from notifications.letters.page import Action, Entry, Letter, Page, Tone
from notifications.letters.values import Cover
from notifications.message import Attachment

AUTOMATIC = "Thư này do hệ thống gửi tự động; không cần trả lời."

# RFC 5322 asks for at most 78; links are longer and stay whole, or they could not be pressed.
_WIDTH = 78
_INDENT = "   "
_LABEL = 10

#: On white paper each has at least the contrast of 4.5 that WCAG asks for; the template has the ones for the dark.
_COLOURS = {
    Tone.OVERDUE: "#b42318",
    Tone.TODAY: "#9a4a00",
    Tone.SOON: "#0b5cad",
    Tone.LATER: "#475467",
    Tone.CALM: "#05603a",
}


def print_letter(
    page: Page, cover: Cover, attachments: tuple[Attachment, ...] = (), references: tuple[str, ...] = ()
) -> Letter:
    """Print a page in both forms and lay the files beside it."""
    return Letter(
        subject=page.subject,
        text=print_text(page),
        html=print_html(page),
        attachments=attachments,
        references=references,
        unsubscribe=cover.unsubscribe_link if (cover.unsubscribe_link or "").startswith("https://") else None,
    )


def greeting(cover: Cover) -> str:
    return f"Kính gửi anh/chị {cover.to_name}," if cover.to_name else "Kính gửi anh/chị,"


def footer(cover: Cover) -> tuple[Action, ...]:
    """Tell where to change what is received, and how to stop it."""
    links = []
    if cover.settings_link:
        links.append(Action("Đổi cách nhận thư", cover.settings_link))
    if cover.unsubscribe_link:
        links.append(Action("Thôi nhận thư này", cover.unsubscribe_link))
    return tuple(links)


def print_html(page: Page) -> str:
    """Print the HTML: styles stand in the tags, since half of the mail programs drop a style sheet."""
    return _press().render(page=page, automatic=AUTOMATIC, colours=_COLOURS)


def print_text(page: Page) -> str:
    """Print the text; it says all that the HTML says, with every address in full."""
    return "\n".join(_text_lines(page)) + "\n"


@cache
def _press() -> Template:
    """Put the styles into the tags of the template itself: once, and before any text of others is in it.

    So the template may have its own marks only in texts and attributes, and no class that depends on a value
    may have a rule outside the at-rules.
    """
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Five megabytes that only who prints a letter needs; the desk does not.
    from css_inline import CSSInliner

    loader = PackageLoader("notifications.letters")
    source, _, _ = loader.get_source(environment, "letter.html")
    # At-rules stay in the head: without them no dark mode. A style sheet from elsewhere is never fetched.
    inliner = CSSInliner(keep_at_rules=True, minify_css=True, load_remote_stylesheets=False)
    return environment.from_string(inliner.inline(source))


def _text_lines(page: Page) -> Iterator[str]:
    yield from _paragraph(page.greeting)
    for sentence in page.opening:
        yield ""
        yield from _paragraph(sentence)
    total = sum(len(section.entries) for section in page.sections)
    numbers = count(1)
    for section in page.sections:
        yield from ("", "", section.title.upper())
        for entry in section.entries:
            yield ""
            yield from _entry(entry, f"{next(numbers)}. " if total > 1 else "")
    if page.sections:
        yield ""
    for sentence in page.closing:
        yield ""
        yield from _paragraph(sentence)
    yield from ("", "Trân trọng,", page.office_name, "", "-- ", AUTOMATIC)
    for action in page.footer:
        yield f"{action.label}: {action.href}"


def _entry(entry: Entry, head: str) -> Iterator[str]:
    yield from _paragraph(entry.title, head, " " * len(head))
    for fact in entry.facts:
        yield from _paragraph(fact.value, f"{_INDENT}{fact.label + ':':<{_LABEL}} ", _INDENT + " " * (_LABEL + 1))
    for action in entry.actions:
        yield f"{_INDENT}{action.label + ':':<{_LABEL}} {action.href}"
    if entry.trace:
        yield f"{_INDENT}{entry.trace}"


def _paragraph(sentence: str, first: str = "", others: str = "") -> list[str]:
    # Hand-made because `textwrap` would take half the time of a digest; a word longer than a line stays whole.
    if len(first) + len(sentence) <= _WIDTH:
        return [first + sentence]
    lines, line = [], first
    for word in sentence.split(" "):
        if len(line) + len(word) > _WIDTH and line not in (first, others):
            lines.append(line.rstrip())
            line = others
        line += f"{word} "
    return [*lines, line.rstrip()]
