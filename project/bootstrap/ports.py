"""Finds a port that nobody listens on, on both of localhost's addresses."""

from __future__ import annotations

import socket

from project.bootstrap.console import Fault

_TRIES = 50


def free_port(wanted: int) -> int:
    for port in range(wanted, wanted + _TRIES):
        if _free(socket.AF_INET, "127.0.0.1", port) and _free(socket.AF_INET6, "::1", port):
            return port
    raise Fault(f"ports {wanted} to {wanted + _TRIES - 1} are all taken; choose another with --port")


def _free(family: int, host: str, port: int) -> bool:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host, port))
    except OSError as error:
        # No such address on this machine (no IPv6) is no reason to look further.
        return error.errno in (97, 99, 49, 47)
    return True
