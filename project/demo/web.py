"""Serves the phones' page on localhost, to whoever sits at this machine and to no other site."""

import json
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from project.demo import totp
from project.demo.mails import read_mails
from project.demo.page import render
from project.demo.phones import Phone

_HERE = Path(__file__).parent
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_FILES = {"/phones.css": "text/css; charset=utf-8", "/phones.js": "text/javascript; charset=utf-8"}


class PhonesPage:
    def __init__(self, *, port: int, origin: str, admin: str, people: list[Phone], mail: Path) -> None:
        self.origin = f"http://localhost:{port}"
        page = self
        self._app, self._admin, self._people, self._mail = origin, admin, people, mail

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page.answer(self)

            def log_message(self, format: str, *args: object) -> None:
                """Codes are shown here: nothing about it is written anywhere."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)

    def start(self) -> None:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        # A foreign site whose name was pointed at this machine must not read the codes.
        if request.headers.get("Host") != self.origin.removeprefix("http://"):
            _send(request, HTTPStatus.FORBIDDEN, "text/plain; charset=utf-8", b"")
        elif request.path == "/":
            _send(request, HTTPStatus.OK, "text/html; charset=utf-8", self._page())
        elif request.path == "/codes.json":
            _send(request, HTTPStatus.OK, "application/json", self._codes())
        elif request.path in _FILES:
            _send(request, HTTPStatus.OK, _FILES[request.path], (_HERE / request.path[1:]).read_bytes())
        else:
            _send(request, HTTPStatus.NOT_FOUND, "text/plain; charset=utf-8", b"")

    def _page(self) -> bytes:
        mails = read_mails(self._mail)
        return render(people=self._people, mails=mails, origin=self._app, admin=self._admin).encode()

    def _codes(self) -> bytes:
        at = totp.now()
        codes = {phone.key: totp.code(phone.totp_secret, at) for phone in self._people}
        return json.dumps(
            {"codes": codes, "left": totp.seconds_left(at), "mails": len(read_mails(self._mail))}
        ).encode()


def _send(request: BaseHTTPRequestHandler, status: HTTPStatus, sort: str, body: bytes) -> None:
    request.send_response(status)
    request.send_header("Content-Type", sort)
    request.send_header("Content-Length", str(len(body)))
    for name, value in _HEADERS.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(body)
