"""Where the audit log's end was, written down beside the database: what is cut off behind it is noticed.

One line of JSON an hour in ``MINWON_HOME/audit/anchors.jsonl``, and in the node's log, which a site sends elsewhere.
Whoever can write both the database and this folder can still cut both: copy the file to where he cannot.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from core.audit_seal import AuditSeal
from core.errors import BadInput, MinwonError
from core.events import now
from core.home import Home
from core.log import get_logger
from core.store.audit import Anchor, AuditStore

log = get_logger("server.rights.anchors")

EVERY_S: Final = 3600.0


def anchor_file(home: Home) -> Path:
    """Where they are written down."""
    return home.root / "audit" / "anchors.jsonl"


def read_anchors(file: Path) -> list[Anchor]:
    """All of a file. ``BadInput`` names the line that is none."""
    return list(_read(file))


def _read(file: Path) -> Iterator[Anchor]:
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise BadInput(f"cannot read the anchors in {file}: {fault}") from fault
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield msgspec.json.decode(line, type=Anchor)
        except msgspec.MsgspecError as fault:
            raise BadInput(f"{file}, line {number} is no anchor: {fault}") from fault


class Anchors:
    """One per node."""

    def __init__(self, audit: AuditStore, seal: AuditSeal, file: Path, clock: Callable[[], datetime] = now) -> None:
        self._audit = audit
        self._seal = seal
        self._file = file
        self._clock = clock
        self._last = 0

    async def run(self) -> None:
        """A side task for as long as the node runs."""
        while True:
            try:
                await self.write()
            except MinwonError as fault:
                log.error("audit.not_anchored", why=str(fault))
            await asyncio.sleep(EVERY_S)

    async def write(self) -> Anchor | None:
        """The log's end as it is now, unless it is as it was; None = there is nothing new."""
        newest = await self._audit.newest()
        if newest is None or newest.number == self._last:
            return None
        anchor = self._seal.anchor(newest.number, newest.chain, self._clock())
        try:
            await asyncio.to_thread(_append, self._file, msgspec.json.encode(anchor) + b"\n")
        except OSError as fault:
            log.error("audit.not_anchored", file=str(self._file), why=fault.strerror)
        self._last = newest.number
        log.info("audit.anchor", number=anchor.number, chain=anchor.chain)
        return anchor


def _append(file: Path, line: bytes) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as stream:
        stream.write(line)
        stream.flush()
        os.fsync(stream.fileno())
