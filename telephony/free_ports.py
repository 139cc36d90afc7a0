"""A run of UDP ports that nobody holds, for sites (and tests) that do not care which."""

from __future__ import annotations

import random
import socket

_FIRST, _LAST = 20_000, 32_000
"""Below those that Linux gives out by itself."""
_TRIES = 50


def any_block(host: str, ports: int) -> int:
    """The first of so many free ports, an even one. Where none is found, of some that may be taken: who binds them
    one by one passes over those."""
    first = _FIRST
    for _ in range(_TRIES):
        first = random.randrange(_FIRST, _LAST - ports, 2)
        if all(_is_free(host, port) for port in range(first, first + ports)):
            break
    return first


def _is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
