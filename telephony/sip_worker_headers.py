"""Headers for answers that the door gives by itself, as pjsip wants them: a list in C.

They live in the pool of the message that is answered, which is emptied after it; pjsip copies what it sends.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar


class _Links(ctypes.Structure):
    """``PJ_DECL_LIST_MEMBER``: how pjlib strings things on a list."""

    _fields_: ClassVar[Any] = [("prev", ctypes.c_void_p), ("next", ctypes.c_void_p)]


class _Text(ctypes.Structure):
    """``pj_str_t``."""

    _fields_: ClassVar[Any] = [("start", ctypes.c_char_p), ("length", ctypes.c_ssize_t)]


class ListedHeaders:
    """Makes lists of headers. On the SIP thread."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._create: Any = library.pjsip_generic_string_hdr_create
        self._create.restype = ctypes.c_void_p
        self._create.argtypes = [ctypes.c_void_p, ctypes.POINTER(_Text), ctypes.POINTER(_Text)]

    @contextmanager
    def listed(self, rdata: int, headers: Sequence[tuple[str, str]]) -> Iterator[int | None]:
        """The address of a list of (name, value), for the answer to ``rdata``; None for no headers."""
        if not headers:
            yield None
            return
        pool = ctypes.c_void_p.from_address(rdata).value  # the first thing in ``pjsip_rx_data``
        head = _Links()
        here = ctypes.addressof(head)
        head.prev = head.next = here
        for name, value in headers:
            created = self._create(pool, ctypes.byref(_text(name)), ctypes.byref(_text(value)))
            links = _Links.from_address(created)
            links.prev, links.next = head.prev, here
            _Links.from_address(links.prev).next = created
            head.prev = created
        yield here


def _text(text: str) -> _Text:
    raw = text.encode()
    return _Text(raw, len(raw))
