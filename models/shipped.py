"""Where the files lie that the project ships, and for which province."""

from pathlib import Path

REFERENCE = Path(__file__).parent / "reference"
PROGRAMMES = REFERENCE / "programmes"
PROVINCE = "Vĩnh Long"
