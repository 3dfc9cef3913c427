"""Who may look behind the desk: the machine itself, a monitor with the token, those whose role it is."""

import hmac
from ipaddress import ip_address

from states.scopes import Scope
from states.vocabulary import Role
from web.desk import Visit

WATCHERS = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
#: A proxy writes one of these: then the request came from elsewhere, whatever address it seems to have.
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")


def may_watch(visit: Visit) -> bool:
    """May the visitor read figures of the process and what is wrong with it?"""
    if visit.visitor is not None:
        return visit.visitor.role in WATCHERS and (visit.bearer is None or Scope.READ in visit.scopes)
    return _has_token(visit) or _is_this_machine(visit)


def _has_token(visit: Visit) -> bool:
    wanted = visit.desk.settings.metrics_token
    kind, _, token = visit.request.headers.get("authorization", "").partition(" ")
    if wanted is None or not wanted.get_secret_value() or kind.lower() != "bearer":
        return False
    return hmac.compare_digest(token.strip().encode("latin-1", "replace"), wanted.get_secret_value().encode())


def _is_this_machine(visit: Visit) -> bool:
    if any(name in visit.request.headers for name in _FORWARDED):
        return False
    try:
        return ip_address(visit.address).is_loopback
    except ValueError:
        return False
