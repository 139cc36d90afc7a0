"""``SHA256SUMS`` in a model's folder: what `minwon models export` packed, so that a carried model can be checked.

The form of sha256sum(1): ``cd FOLDER && sha256sum -c SHA256SUMS`` does the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from core.errors import ModelFault
from models.stocking.checksums import sha256_of

FILE: Final = "SHA256SUMS"
_LINE: Final = re.compile(r"^([0-9a-f]{64}) [ *](.+)$")


def files_of(folder: Path) -> list[Path]:
    """The model's files, without the list itself, in order."""
    return sorted(file for file in folder.rglob("*") if file.is_file() and file != folder / FILE)


def listed(folder: Path) -> str:
    """The list for that folder."""
    return "".join(f"{sha256_of(file)}  {file.relative_to(folder).as_posix()}\n" for file in files_of(folder))


def check(folder: Path, tell: Callable[[Path], None] = lambda file: None) -> bool:
    """Whether every file is as it was packed; False when the folder has no list.

    Raises ``ModelFault`` for the first file that is not.
    """
    try:
        text = (folder / FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    except UnicodeDecodeError as fault:
        raise ModelFault(f"{folder}/{FILE} is not text; bring the model again") from fault
    for line in text.splitlines():
        found = _LINE.match(line)
        if found is None:
            raise ModelFault(f"{folder}/{FILE} has a line that is no checksum: {line[:80]!r}; bring the model again")
        file = folder / found[2]
        if not file.resolve().is_relative_to(folder.resolve()):
            raise ModelFault(f"{folder}/{FILE} names a file outside of it: {found[2]!r}; bring the model again")
        tell(file)
        if not file.is_file():
            raise ModelFault(f"{folder} is not as it was packed: {found[2]} is missing; bring it again")
        if sha256_of(file) != found[1]:
            raise ModelFault(f"{folder} is not as it was packed: {found[2]} has changed; bring it again")
    return True
