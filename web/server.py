"""One web process: the desk over the register in use, served until it is told to stop."""

import logging

import uvicorn

from flows.jobs.settings import Settings, clock, open_register
from web.app import create_app


def serve(settings: Settings, *, host: str, port: int) -> None:
    """Serve until a signal comes. Raises Refused when there is no register, or one of another schema."""
    store = open_register(settings)
    try:
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
        app = create_app(settings, store, now=lambda: clock(settings))
        # The desk stands alone or behind a proxy on this machine; from elsewhere a forwarded address is not believed.
        uvicorn.run(app, host=host, port=port, log_level="warning", proxy_headers=True, forwarded_allow_ips="127.0.0.1")
    finally:
        store.close()
