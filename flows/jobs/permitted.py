"""The permission table for whoever is no web page: told by the pages themselves, in a process of their own."""

import json
import subprocess
import sys
from typing import Any


def permission_rows() -> list[dict[str, Any]]:
    """Every route with its method, label, scope of tokens and roles; `who` None lets strangers in."""
    asked = [sys.executable, "-m", "web", "--permissions"]
    told = subprocess.run(asked, check=True, capture_output=True, encoding="utf-8", timeout=60)
    rows: list[dict[str, Any]] = json.loads(told.stdout)
    return rows
