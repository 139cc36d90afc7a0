"""What the installed espeak-ng itself says of words, in our phones."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence


def spoken(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Phones of each word, read alone."""
    done = subprocess.run(
        ["espeak-ng", "-v", "ko", "-q", "-x", "--sep=/"],
        input="\n".join(words),
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    assert len(lines) == len(words)
    return [tuple(filter(None, map(_phone, line.strip().split("/")))) for line in lines]


def _phone(written: str) -> str:
    """Without stress marks; ';' alone is a silent link, 'k' another name of 'q'."""
    name = written.lstrip("',%=")
    return {"k": "q", ";": ""}.get(name, name)
