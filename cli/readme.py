"""The generated parts of the README, written between markers and checked in CI: `python -m cli.readme [--check]`."""

import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from cli.reference import command_reference
from states.render import lifecycle_mermaid, lifecycle_table
from states.vocabulary import Route

README = Path(__file__).parents[1] / "README.md"


def _drawn(route: Route) -> Callable[[], str]:
    return lambda: f"```mermaid\n{lifecycle_mermaid(route)}\n```"


PARTS: Mapping[str, Callable[[], str]] = {
    "cli": command_reference,
    "lifecycle-local": _drawn(Route.LOCAL),
    "lifecycle-national": _drawn(Route.NATIONAL),
    "lifecycle-table": lifecycle_table,
}


def generated(readme: str) -> str:
    """The README with every generated part made anew. Raises ValueError when a marker is missing."""
    for name, make in PARTS.items():
        begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
        if begin not in readme or end not in readme:
            raise ValueError(f"README.md has lost its markers {begin} … {end}")
        # A backslash in a replacement means something to re.sub.
        part = f"{begin}\n{make()}\n{end}".replace("\\", r"\\")
        readme = re.sub(f"{re.escape(begin)}.*?{re.escape(end)}", part, readme, flags=re.DOTALL)
    return readme


def main(arguments: list[str]) -> int:
    written = README.read_text(encoding="utf-8")
    made = generated(written)
    if "--check" in arguments:
        if made != written:
            print("README.md is out of date: run `python -m cli.readme` and commit it", file=sys.stderr)
            return 1
        return 0
    README.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
