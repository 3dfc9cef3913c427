"""The HTTP side of the demonstration Zalo: a listener on loopback, answers that can be scripted, pushes."""

import json
import socketserver
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import Message as Headers
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event
from typing import Any
from urllib.parse import urlsplit

from notifications.demo_servers import HOST, Fault

_PUSH_SECONDS = 2.0
"""Zalo gives a webhook this long to answer."""


@dataclass(frozen=True)
class Said:
    """An answer as it goes over the wire, after a pause when there is one."""

    body: str
    status: int = 200
    kind: str = "application/json"
    pause_seconds: float = 0.0


def said(status: int = 200, **body: Any) -> Said:
    """Answer in JSON, as Zalo does."""
    return Said(json.dumps(body, ensure_ascii=False), status)


HTML_PAGE = Said("<!DOCTYPE html><html><body>Please sign in to continue</body></html>", 200, "text/html")
"""What a proxy or a maintenance page says instead of Zalo, with the friendliest status."""

Answerer = Callable[[str, Headers, bytes], Said | Fault]


class Listener(ThreadingHTTPServer):
    """Give every request to `answer` in a thread of its own, until `closing`."""

    daemon_threads = True
    # A morning's senders come at once; with the usual five places the sixth would wait a second.
    request_queue_size = 128

    def __init__(self, port: int, answer: Answerer) -> None:
        self.answer = answer
        self.closing = Event()
        super().__init__((HOST, port), _Request)

    def server_bind(self) -> None:
        """Bind without asking the name server who we are, which HTTPServer would."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: who hangs up on a slow answer does so on purpose."""


class _Request(BaseHTTPRequestHandler):
    server: Listener
    disable_nagle_algorithm = True

    def do_POST(self) -> None:  # the name http.server looks for
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        answer = self.server.answer(self.path, self.headers, body)
        if answer is Fault.HANG:
            self.server.closing.wait()
        if isinstance(answer, Fault) or self.server.closing.wait(answer.pause_seconds):
            return
        content = answer.body.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Say nothing: the path holds the token."""


def push(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Post an event to a webhook of ours and return the status, or 0 when nobody answered in time."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or HOST, parts.port, timeout=_PUSH_SECONDS)
    try:
        connection.request("POST", parts.path or "/", body, {"Content-Type": "application/json", **headers})
        return connection.getresponse().status
    except (OSError, HTTPException):
        return 0
    finally:
        connection.close()
