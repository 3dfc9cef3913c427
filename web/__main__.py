"""`python -m web --port 8321`: how the process tree of `dean up` starts the desk; or tells who may open what."""

import argparse
import json
import sys

from flows.jobs.settings import Settings
from states.refusal import Refused
from web.server import serve


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m web")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8321)
    parser.add_argument("--permissions", action="store_true", help="print the permission table as JSON and end")
    given = parser.parse_args()
    if given.permissions:
        from web.app import permission_rows

        json.dump(permission_rows(), sys.stdout, ensure_ascii=False)
        return 0
    try:
        serve(Settings(), host=given.host, port=given.port)
    except Refused as refused:
        print(*refused.reasons, sep="\n", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
