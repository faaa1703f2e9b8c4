"""Daphne, started by us: its command line can neither listen on both of localhost's addresses nor say so."""

import os
import socket
import sys
import threading
from collections.abc import Callable
from typing import IO, Any

import daphne.server
import structlog
from daphne.server import Server, reactor, twisted_loop
from django.conf import settings

from project.bodies import BoundedFactory
from project.sockets import SocketServer
from project.watch import beside

_log = structlog.get_logger("project")
_TURN_SECONDS = 0.0005
LOOPBACK = ("127.0.0.1", "::1")  # browsers try ::1 first


def build(application: Any, *, hosts: list[str], port: int, ready: Callable[[list[str]], None]) -> Server:
    limits, endpoints = settings.LIMITS, [_endpoint(host, port) for host in hosts]
    if settings.WATCH.port is not None:
        application = beside(application, settings.WATCH.port)
        endpoints.append(_endpoint(settings.WATCH.hostname or "", settings.WATCH.port))
    daphne.server.HTTPFactory = BoundedFactory  # Daphne has no setting for it
    server = SocketServer(
        application,
        endpoints=endpoints,
        websocket_timeout=limits["socket_seconds"],
        websocket_max_message_size=limits["frame_bytes"],
        websocket_max_frame_size=limits["frame_bytes"],
        ping_interval=20,
        ping_timeout=30,
        http_timeout=limits["http_seconds"],
        action_logger=None,
        server_name="colloque",
        verbosity=0,
    )
    # A thread that the database has answered would otherwise wait 5 ms for its turn, after each question.
    sys.setswitchinterval(_TURN_SECONDS)
    # Whatever ends it, a signal or its starter.
    reactor.addSystemEventTrigger("before", "shutdown", end_within, limits["stop_seconds"])
    server.ready_callable = lambda: _listening(server, port, ready)
    return server


def usable(hosts: list[str]) -> list[str]:
    """A machine without IPv6 has no ::1; the other address is enough there."""
    return [host for host in hosts if ":" not in host or _has_ipv6()]


def stop_at_end_of(stream: IO[bytes], server: Server) -> None:
    """Whoever started us holds the other end: when it dies, in whatever way, the stream ends and so do we."""

    loop = twisted_loop

    def wait() -> None:
        stream.read()
        loop.call_soon_threadsafe(server.stop)

    threading.Thread(target=wait, daemon=True).start()


def all_listen(server: Server) -> bool:
    return len(server.listening_addresses) == len(server.endpoints)


def end_within(seconds: int) -> None:
    """Python waits for its threads, and one that asks a database which is gone waits long. What is cut off
    was not committed, and nobody was told that it was."""
    timer = threading.Timer(seconds, _cut_off)
    timer.daemon = True
    timer.start()


def _cut_off() -> None:
    _log.error("server.cut_off")
    os._exit(1)


def _endpoint(host: str, port: int) -> str:
    escaped = host.replace(":", "\\:")
    return f"tcp:{port}:interface={escaped}:backlog={settings.LIMITS['listen_backlog']}"


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as trial:
            trial.bind(("::1", 0))
    except OSError:
        return False
    return True


def _listening(server: Server, port: int, ready: Callable[[list[str]], None]) -> None:
    if not all_listen(server):
        server.stop()
        return
    ready([host for host, taken in server.listening_addresses if taken == port])
