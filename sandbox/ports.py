"""Ports for programs that are told theirs, and may be started on it again later."""

from __future__ import annotations

import secrets
import socket

BEGIN, END = 12_000, 32_000
"""Below what systems give to outgoing connections (Linux: from 32768 on; others: from 49152). One of those may be taken between
the look and the start, or while a program that was killed is about to be started again."""


def free_port() -> int:
    """A port of this machine's own address that nobody listens on."""
    while True:
        port = BEGIN + secrets.randbelow(END - BEGIN)  # not `random`: whoever seeds that would get the same ports twice
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return port
