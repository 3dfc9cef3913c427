"""What a page stands on: the open register, who visits, the instant of the request, and how its answer is made."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from flows.jobs.settings import Settings
from flows.jobs.waiting import Waiting
from models.append import Origin
from models.desk.idempotency import Claim, claim_key
from models.desk.sessions import SignedIn, touch
from models.store import Session, Store
from states.facts import OFFICE_TIME, Person
from states.scopes import Scope
from web import words
from web.fields import Fields
from web.rendering import TEMPLATES
from web.uploads import hold_files

DOOR = "web"


@dataclass(frozen=True, slots=True)
class Desk:
    """One web process: the settings, the open register and what it is, and the clock."""

    settings: Settings
    store: Store
    about: dict[str, Any]
    now: Callable[[], datetime]

    @property
    def is_demonstration(self) -> bool:
        return bool(self.about["is_demonstration"])

    @property
    def is_https(self) -> bool:
        """Do browsers reach this desk over https? Its own address says so; a proxy in between may end the TLS."""
        return self.settings.base_url.startswith("https://")


@dataclass(slots=True)
class Visit:
    """One request: its instant, and who made it. A page with `who=ANYONE` may be visited by nobody known."""

    request: Request
    desk: Desk
    at: datetime
    signed_in: SignedIn | None = None
    #: Set instead of a session where a program came with a token: the person, and what the token may do.
    bearer: Person | None = None
    scopes: frozenset[Scope] = field(default=frozenset())
    #: Set where a program wants its request to happen once; the first transaction of the request takes the key.
    claim: Claim | None = None
    claimed: bool = False

    @property
    def today(self) -> date:
        """The office's calendar day of the request."""
        return self.at.astimezone(OFFICE_TIME).date()

    @property
    def visitor(self) -> Person | None:
        return self.signed_in.person if self.signed_in else self.bearer

    @property
    def person(self) -> Person:
        """Who visits a page that only people known to the register see."""
        assert self.visitor is not None, "the admission of this page lets strangers in"
        return self.visitor

    @property
    def language(self) -> str:
        chosen = self.signed_in.language if self.signed_in else self.request.cookies.get("language", "vi")
        return chosen if chosen in words.LANGUAGES else "vi"

    @property
    def address(self) -> str:
        return self.request.client.host if self.request.client else ""

    @property
    def origin(self) -> Origin:
        """How events of this request are signed."""
        return Origin(self.at, self.person.id, DOOR)

    @property
    def waiting(self) -> Waiting:
        """Where files of this person wait that were sent and not taken yet."""
        return Waiting(self.desk.settings.home, self.person, self.at)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A consistent view of the register. Pass `visit.person` to queries as the reader: nothing else scopes them."""
        with self.desk.store.read() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: everything that the request records, or nothing.

        Raises AlreadyDone where the request was to happen once, and has.
        """
        with self.desk.store.write() as session:
            if self.claim is not None and not self.claimed:
                claim_key(session, self.claim)
            yield session
        self.claimed = self.claim is not None

    def page(self, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """Render a page. What was to be told is told once; the files of a `form` that is shown again wait for it."""
        if isinstance(form := values.get("form"), Fields):
            hold_files(form)
        told = self.signed_in.told if self.signed_in else ""
        if told and self.signed_in:
            with self.desk.store.write() as session:
                touch(session, self.signed_in.key, at=self.at)
        with words.spoken(self.language):
            text = TEMPLATES.get_template(template).render(visit=self, told=told, today=self.today, **values)
        return HTMLResponse(text, status)

    def go(self, path: str, told: str = "") -> RedirectResponse:
        """Send the browser on after a form was taken, with a sentence for the top of the next page."""
        if told and self.signed_in:
            with self.desk.store.write() as session:
                touch(session, self.signed_in.key, at=self.at, told=told)
        return RedirectResponse(path, 303)


async def visit_of(request: Request) -> Visit:
    """The visit that the admission of the route began. Asynchronous, so that it does not wait for a thread."""
    visit: Visit = request.state.visit
    return visit


#: What a page function takes: `def today_page(visit: AtDesk) -> HTMLResponse`.
AtDesk = Annotated[Visit, Depends(visit_of)]
