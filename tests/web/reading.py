"""A page as a test reads it: its texts, links, forms with what their fields hold, and tables as rows of texts."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

_VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
_SILENT = frozenset({"script", "style"})


@dataclass
class Form:
    """One form. `fields` maps names to values; a name that stands several times, or is ticked, has a list."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, **typed: Any) -> dict[str, Any]:
        """What a browser would send, with some fields typed anew; None leaves a field out."""
        sent: dict[str, Any] = {name: values for name, values in self.fields.items() if values}
        return {name: value for name, value in (sent | typed).items() if value is not None}


@dataclass
class Page:
    """What a page shows."""

    title: str = ""
    texts: list[str] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    addresses: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def form(self, action: str, method: str = "post") -> Form:
        """The form that is sent to an address; filters are sent with "get"."""
        return next(form for form in self.forms if (form.action, form.method.lower()) == (action, method))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._open: list[str] = []
        self._form: Form | None = None
        self._select = self._area = ""
        self._link: str | None = None
        self._heard: list[str] = []
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in _VOID:
            self._open.append(tag)
        if tag == "a" and "href" in given:
            self._link, self._heard = given["href"], []
            self.page.addresses.append(given["href"])
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get"))
            self.page.forms.append(self._form)
        if tag == "table":
            self.page.tables.append([])
        if tag == "tr" and self.page.tables:
            self.page.tables[-1].append([])
        if tag in ("td", "th"):
            self._cell = []
        if self._form is not None:
            self._field(self._form, tag, given)

    def _field(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "button":
            form.buttons.append((name, value))
        elif tag == "input" and name and "disabled" not in given:
            kind = given.get("type", "text")
            held = form.fields.setdefault(name, [])
            if kind not in ("checkbox", "radio"):
                held.append(value)
            elif "checked" in given:
                held.append(value or "on")
        elif tag == "select":
            self._select = name
            form.options[name] = []
            form.fields.setdefault(name, [])
        elif tag == "option" and self._select:
            form.options[self._select].append(value)
            if "selected" in given:
                form.fields[self._select] = [value]
        elif tag == "textarea":
            self._area = name
            form.fields.setdefault(name, []).append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open and self._open.pop() != tag:
                pass
        if tag == "a" and self._link is not None:
            self.page.links.setdefault(" ".join("".join(self._heard).split()), self._link)
            self._link = None
        if tag in ("td", "th") and self._cell is not None:
            if self.page.tables and self.page.tables[-1]:
                self.page.tables[-1][-1].append(" ".join(" ".join(self._cell).split()))
            self._cell = None
        if tag == "form":
            self._form = None
        if tag == "select" and self._form is not None:
            # A browser sends the first option of a list in which none is chosen.
            if not self._form.fields[self._select] and self._form.options[self._select]:
                self._form.fields[self._select] = self._form.options[self._select][:1]
            self._select = ""
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] in _SILENT:
            return
        if self._open and self._open[-1] == "title":
            self.page.title += data
        if self._area and self._form is not None:
            self._form.fields[self._area][-1] += data
        if self._link is not None:
            self._heard.append(data)
        if self._cell is not None:
            self._cell.append(data)
        if data.strip():
            self.page.texts.append(data.strip())


def read(html: str) -> Page:
    """Read a page."""
    reader = _Reader()
    reader.feed(html)
    return reader.page
