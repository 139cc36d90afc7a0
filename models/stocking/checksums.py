"""``checksums.toml`` on the shelf: what was fetched without a checksum that we know is remembered from the first time.

That is trust at first use: it tells later whether the same archive came again, not whether the first one was good.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from core.errors import ModelFault
from models.stocking.alone import alone

FILE: Final = "checksums.toml"
_BLOCK: Final = 1 << 20


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """What was fetched once."""

    sha256: str
    size: int
    """Bytes."""
    url: str
    on: str
    """Day, ISO 8601."""


def sha256_of(file: Path, tell: Callable[[int], None] = lambda done: None) -> str:
    """Of its content, in hexadecimal; ``tell`` hears how many bytes are read."""
    digest = hashlib.sha256()
    done = 0
    with file.open("rb") as opened:
        while block := opened.read(_BLOCK):
            digest.update(block)
            done += len(block)
            tell(done)
    return digest.hexdigest()


def recorded(shelf: Path) -> dict[str, Recorded]:
    """All that is remembered, by the model's name. Raises ``ModelFault`` when the file can't be read."""
    file = shelf / FILE
    try:
        return msgspec.toml.decode(file.read_bytes(), type=dict[str, Recorded])
    except FileNotFoundError:
        return {}
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise ModelFault(f"{file} can't be read ({fault}); mend or delete it") from fault


def record(shelf: Path, name: str, sha256: str, size: int, url: str) -> None:
    """Remember it."""
    with alone(shelf):
        found = recorded(shelf)
        found[name] = Recorded(sha256=sha256, size=size, url=url, on=datetime.date.today().isoformat())
        lines = ["# Written by `minwon models fetch`: checksums of archives at their first use.", ""]
        for each, entry in sorted(found.items()):
            values = (f"{key} = {_quoted(value)}" for key, value in msgspec.structs.asdict(entry).items())
            lines += [f"[{_quoted(each)}]", *values, ""]
        draft = shelf / f".{FILE}"
        draft.write_text("\n".join(lines), encoding="utf-8")
        draft.rename(shelf / FILE)


def check(name: str, found: str, known: str, source: str) -> None:
    """Raises ``ModelFault`` when the archive is another than the one that is known ('' = none is)."""
    if known and found != known:
        raise ModelFault(
            f"the archive of {name} is not the one that {source} names: sha256 {found} instead of {known}; "
            "it was thrown away: run the command again, or ask its makers whether they have published it anew"
        )


def _quoted(value: str | int) -> str:
    return msgspec.json.encode(value).decode()
