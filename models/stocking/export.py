"""``minwon models export``: a model of the shelf as one file, with its checksums, for ``import`` on another machine."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from core.errors import BadInput
from models.shelf import ModelInfo
from models.stocking import place, sums
from models.stocking.disk import check_room, told
from models.stocking.telling import Progress, Tell

_TARS: Final = {".tar.xz": "w:xz", ".tar.gz": "w:gz", ".tar.bz2": "w:bz2"}
_Add = Callable[[Path, str], None]


def export(model: ModelInfo, target: Path, *, tell: Tell) -> None:
    """Write it into a .tar.xz, .tar.gz, .tar.bz2 or .zip, in a folder of its name, with ``SHA256SUMS``.

    Raises ``BadInput`` when the file is there already or of another kind, ``ModelFault`` when the model came with such
    a list and is not as it was any more; the file is whole or not there.
    """
    if target.exists():
        raise BadInput(f"{target} is there already; name a new file, or delete it first")
    if not target.absolute().parent.is_dir():
        raise BadInput(f"there is no folder {target.absolute().parent}; make it, or name another")
    tar_mode = next((mode for suffix, mode in _TARS.items() if target.name.endswith(suffix)), "")
    if not tar_mode and target.suffix != ".zip":
        raise BadInput(f"{target}: the name must end in {', '.join((*_TARS, '.zip'))}")
    with told(target.parent):
        check_room(target.absolute().parent, model.size)
        sums.check(model.path)
        with place.staging(target.absolute().parent) as staged:
            draft = staged / target.name
            listed = staged / sums.FILE
            listed.write_text(sums.listed(model.path), encoding="utf-8")
            if tar_mode:
                with tarfile.open(draft, tar_mode, dereference=True) as tar:  # type: ignore[call-overload]
                    _pack(model, listed, lambda file, name: tar.add(file, name, filter=_nobodys), tell)
            else:
                with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as packed:
                    _pack(model, listed, packed.write, tell)
            draft.rename(target)


def _nobodys(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Who packed it is nobody's business."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


def _pack(model: ModelInfo, listed: Path, add: _Add, tell: Tell) -> None:
    add(listed, f"{model.name}/{sums.FILE}")
    done = 0
    for file in sums.files_of(model.path):
        tell(Progress(what=f"packing {model.name}", done=done, total=model.size))
        add(file, f"{model.name}/{file.relative_to(model.path).as_posix()}")
        done += file.stat().st_size
