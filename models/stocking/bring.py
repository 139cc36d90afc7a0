"""``minwon models import``: an archive or a folder that somebody has brought, onto the shelf."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from core.errors import BadInput, ModelFault
from models.shelf import ModelInfo
from models.stocking import place
from models.stocking.archives import unpack
from models.stocking.disk import check_room, told
from models.stocking.fetch import GROWTH
from models.stocking.place import TryOut
from models.stocking.telling import Progress, Tell

SUFFIXES: Final = (".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar", ".zip")
_BLOCK: Final = 1 << 20


def bring(source: Path, shelf: Path, *, tell: Tell, try_out: TryOut, name: str = "", language: str = "") -> ModelInfo:
    """Put the model in that archive or folder on the shelf, under ``name`` or as it calls itself.

    ``language`` (BCP 47) is written on its label where it has none. Raises ``BadInput`` when there is no such file,
    ``ModelFault`` when it is no usable model; the shelf is then as before.
    """
    with told(shelf):
        if not source.exists():
            raise BadInput(f"{source} is not there; name an archive or a folder that holds a speech model")
        if name:
            place.check_free(shelf, name)  # before anything is copied; it is looked at again at the end
        with place.staging(shelf) as staged:
            if source.is_dir():
                otherwise = source.resolve().name
                _copy(source.resolve(), staged, shelf, tell)
            else:
                otherwise = _stem(source.name)
                check_room(shelf, source.stat().st_size * GROWTH)
                unpack(source, staged, tell=tell)
            return place.put(staged, shelf, name or place.name_in(staged, otherwise), try_out, language)


def _stem(name: str) -> str:
    return next((name.removesuffix(suffix) for suffix in SUFFIXES if name.lower().endswith(suffix)), name)


def _copy(source: Path, target: Path, shelf: Path, tell: Tell) -> None:
    """The folder's files. A link to a file is taken for the file; one to a folder, or a device, is refused."""
    if shelf.resolve().is_relative_to(source):
        raise BadInput(f"{source} holds the shelf itself; name the folder of one model")
    files: list[tuple[Path, int]] = []
    for folder, below, names in os.walk(source, onerror=_raise):
        for name in (*below, *names):
            path = Path(folder, name)
            about = path.stat()
            if not (stat.S_ISREG(about.st_mode) or (stat.S_ISDIR(about.st_mode) and not path.is_symlink())):
                raise ModelFault(f"{path} is no plain file; nothing was imported")
            if name in names:
                files.append((path, about.st_size))
    total = sum(size for _, size in files)
    check_room(shelf, total)
    done = 0
    for path, _ in files:
        copied = target / path.relative_to(source)
        copied.parent.mkdir(parents=True, exist_ok=True)
        with path.open("rb") as old, copied.open("xb") as new:
            while block := old.read(_BLOCK):
                new.write(block)
                done += len(block)
                tell(Progress(what=f"copying {source.name}", done=done, total=total))


def _raise(fault: OSError) -> None:
    """``os.walk`` passes over what it may not read; half a model would be the result."""
    raise fault
