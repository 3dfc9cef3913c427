"""The deadlines of one project as a calendar file, for whoever wants them beside the own appointments."""

from datetime import date

from flows.jobs.feeds import project_calendar
from flows.jobs.papers.tables.frame import File
from models.desk.feeds import calendar_rows
from models.queries import refuse_hidden
from models.store import Session
from states.facts import Person

MEDIA_TYPE = "text/calendar; charset=utf-8"


def calendar_file(
    session: Session, code: str, *, reader: Person | None, as_of: date, base_url: str, demonstration: bool = False
) -> File:
    """The open deadlines of a project (ICS). Raises Refused for one that the reader may not see."""
    refuse_hidden(session, code, reader)
    rows = calendar_rows(session, reader, as_of=as_of, project=code)
    name, mark = f"han-{code.lower()}.ics", f"{code} (MINH HỌA)" if demonstration else code
    content = project_calendar(mark, rows, base_url=base_url)
    return File(f"MINH-HOA_{name}" if demonstration else name, MEDIA_TYPE, content)
