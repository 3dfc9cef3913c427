"""The one way in which the system says no to a person."""


class Refused(Exception):
    """An expected refusal: Vietnamese sentences for the person who asked.

    Each reason names what would satisfy it. Doors map it once (command line: exit code 1 with the
    sentences on stderr; web: 409 and the page again; flows: recorded and skipped). Raising it inside a
    unit of work rolls everything back, so a refusal changes nothing.
    """

    def __init__(self, *reasons: str) -> None:
        if not reasons:
            raise ValueError("a refusal needs at least one reason")
        super().__init__(*reasons)

    @property
    def reasons(self) -> tuple[str, ...]:
        return self.args

    def __str__(self) -> str:
        return "\n".join(self.args)
