"""A person's deadlines for a calendar program, which signs in with nothing but a secret address."""

import hashlib

from fastapi.responses import Response

from flows.jobs.feeds import calendar_of
from models.desk.feeds import calendar_rows, feed_owner
from web.access import Pages
from web.desk import AtDesk
from web.roles import ANYONE

endpoints = Pages()


@endpoints.show("/feeds/{secret}.ics", who=ANYONE, label="Lịch các hạn của một người (địa chỉ có mã bí mật)")
def feed(visit: AtDesk, secret: str) -> Response:
    """The calendar, or 304 where the program has it already."""
    with visit.reading() as session:
        person = feed_owner(session, secret)
        rows = calendar_rows(session, person, as_of=visit.today)
    content = calendar_of(person, rows, base_url=visit.desk.settings.base_url)
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, max-age=900"}
    known = visit.request.headers.get("if-none-match", "")
    if tag in (one.strip().removeprefix("W/") for one in known.split(",")):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = 'inline; filename="han-khuyen-cong.ics"'
    return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)
