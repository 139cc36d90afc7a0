"""Secrets that a site makes for itself at first use, each in a file of its own that nobody else may read."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Final

from core.errors import EnvironmentFault

KEY_BYTES: Final = 32
"""As long as the hash that it keys, SHA-256 (RFC 2104, section 3)."""


def site_key(file: Path, code: str, made: Callable[[], bytes] = lambda: secrets.token_bytes(KEY_BYTES)) -> bytes:
    """The secret in that file, which is ``made`` at first use, readable by us alone.

    Raises ``EnvironmentFault`` with that ``code`` when it can't be made or read, or others may read it.
    """
    try:
        if not file.exists():
            _make(file, made())
        if file.stat().st_mode & 0o077:
            raise EnvironmentFault(f"others may read {file}; run: chmod 600 {file}", code=code)
        return file.read_bytes()
    except OSError as fault:
        way_out = "see that its folder may be written, or bring the file back from the backup"
        raise EnvironmentFault(f"cannot use {file} ({fault.strerror}): {way_out}", code=code) from fault


def _make(file: Path, secret: bytes) -> None:
    """Whole or not at all, and whoever comes second takes the key of the first."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = file.with_name(f"{file.name}.{secrets.token_hex(4)}.new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(secret)
        stream.flush()
        os.fsync(stream.fileno())
    try:
        os.link(new, file)
    except FileExistsError:
        pass
    finally:
        new.unlink()
