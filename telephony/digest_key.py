"""The key that seals nonces, kept beside the workers' sockets: the same for all of them, and for the next node."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

_BYTES = 32


def digest_key(folder: Path) -> bytes:
    """Read it, or make it. Nobody else can read the file."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "digest.key"
    with contextlib.suppress(FileNotFoundError):
        key = path.read_bytes()
        if len(key) == _BYTES:
            return key
        path.unlink()  # half written when the machine went down
    key = secrets.token_bytes(_BYTES)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key)
    return key
