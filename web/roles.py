"""Sets of roles that pages are opened to."""

from states.vocabulary import Role

#: Everybody, also who is not signed in. Not a list of roles, so that no list can mean it by mistake.
ANYONE: frozenset[Role] | None = None
EVERYONE = frozenset(Role)
#: Everyone who works with the register; commune viewers only look.
OFFICE = EVERYONE - {Role.COMMUNE_VIEWER}
#: Those who record steps.
RECORDERS = frozenset({Role.CENTRE_OFFICER, Role.COORDINATOR, Role.LEADER, Role.FINANCE})
#: Those who read figures of the whole province; centre officers and communes see their own part only.
PROVINCE = OFFICE - {Role.CENTRE_OFFICER}
