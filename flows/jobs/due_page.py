"""What a morning found, for whoever watches the flows: the due list, and what was written to whom."""

from typing import Any

from flows.jobs.links import project_link
from flows.jobs.reminding import Reminded
from flows.jobs.settings import Settings
from models.queries.deadlines import due_list
from models.store import Store

_SHOWN = ("project", "name", "kind", "due_on", "safe_on", "left", "basis")


def due_page(store: Store, settings: Settings, reminded: Reminded) -> tuple[list[dict[str, Any]], str]:
    """The rows of the due list, and a page in Markdown with links to the projects."""
    with store.read() as session:
        found = due_list(session, as_of=reminded.as_of)
    rows = [{name: row.get(name) for name in _SHOWN} for row in found]
    told = f"{reminded.letters} thư, {reminded.reminders} việc được nhắc. {reminded.reason}".strip()
    lines = [told, *(f"- {warning}" for warning in reminded.warnings)]
    lines += [f"- Không liên lạc được: {name}" for name in reminded.unreachable]
    lines += [
        f"- [{row['project']}]({project_link(settings, row['project'])}) {row['left']} – {row['name']}"
        for row in rows
        if row["project"]
    ]
    return rows, "\n\n".join([lines[0], "\n".join(lines[1:])])
