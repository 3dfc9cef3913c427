"""Where in the desk a step is recorded: on its own form, except for what is decided over a list."""

from web.rendering import address

#: Recorded for several projects at once.
_OVER_A_LIST = {"approve": "/approvals", "sign_contract": "/contracts/new"}


def step_path(action: str, code: str) -> str:
    """The page on which a step of a project is recorded."""
    if action in _OVER_A_LIST:
        return address(_OVER_A_LIST[action], code=code)
    return f"/projects/{code}/steps/{action}"
