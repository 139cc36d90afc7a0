"""The one way onto a shelf: into a hidden folder first, looked at there, then by one rename to its place."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from core.errors import BadInput, ModelFault
from models import shelf as shelves
from models.catalog import NAME
from models.label import LABEL_FILE, Label, read_label, written
from models.shelf import ModelInfo
from models.stocking import sums
from models.stocking.alone import alone, held_folder
from models.stocking.part import ARRIVING

DEEPEST: Final = 3
"""Folders within folders in which a model is looked for."""


class NotRun(ModelFault):
    """The model is complete, but the engine here can't run it."""


TryOut = Callable[[ModelInfo], None]
"""Lets an engine load the model, in a process of its own; raises ``ModelFault`` when it can't."""

_LANGUAGE: Final = re.compile(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
_NAME: Final = re.compile(NAME)


@contextlib.contextmanager
def staging(shelf: Path) -> Iterator[Path]:
    """An empty folder on the shelf's own disk, gone afterwards; what a killed process left of one goes with it."""
    shelf.mkdir(parents=True, exist_ok=True)
    arriving = shelf / ARRIVING
    with alone(shelf):
        arriving.mkdir(exist_ok=True)
        _sweep(arriving)
        folder = Path(tempfile.mkdtemp(prefix="unpacked-", dir=arriving))
        ours = held_folder(folder)
    try:
        inner = folder / "as it came"
        inner.mkdir()
        yield inner
    finally:
        os.close(ours)
        shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError):  # not empty: archives are on their way
            arriving.rmdir()


def put(staged: Path, shelf: Path, name: str, try_out: TryOut, language: str = "") -> ModelInfo:
    """The model that is somewhere in the staged folder, looked at, tried out and put on the shelf under that name.

    ``language`` is written on its label where it has none. Raises ``ModelFault`` when it holds no usable model, or the
    place is taken; the shelf is then as before.
    """
    check_free(shelf, name)
    if language and not _LANGUAGE.match(language):
        raise BadInput(f"'{language}' is no code of a language; BCP 47 has them: 'vi', 'zh', 'uz'")
    folder = _model_in(staged)
    # Under its own name: that may be what the catalogue knows it by.
    named = staged.parent / f"named/{name}"
    named.parent.mkdir()
    folder.rename(named)
    try:
        info = shelves.find(str(named))
        has_sums = sums.check(named)
    except ModelFault as fault:
        raise ModelFault(_called(name, named, fault)) from fault
    try:
        try_out(info)
    except ModelFault as fault:
        raise NotRun(_called(name, named, fault)) from fault
    if language and not info.language:
        sizes = (read_label(named) or Label()).sizes
        label = Label(language=language, label=info.label, engine=info.engine, kind=info.kind, sizes=sizes)
        (named / LABEL_FILE).write_text(written(label), encoding="utf-8")
        if has_sums:
            (named / sums.FILE).write_text(sums.listed(named), encoding="utf-8")
    try:
        named.rename(shelf / name)
    except OSError as fault:
        if fault.errno in (errno.ENOTEMPTY, errno.EEXIST):
            check_free(shelf, name)
        raise
    return shelves.find(str(shelf / name))


def _called(name: str, named: Path, fault: ModelFault) -> str:
    """What is wrong, told of the model and not of the hidden folder that it is looked at in."""
    return str(fault).replace(f"{named}/", "").replace(str(named), name)


def check_free(shelf: Path, name: str) -> None:
    """Raises ``BadInput`` for a name that is none, ``ModelFault`` when something of that name is there."""
    if not _NAME.match(name):
        raise BadInput(f"'{name}' is no name for a model: letters, digits, '.', '_' and '-', at most 100; use --name")
    if (shelf / name).exists():
        raise ModelFault(
            f"{shelf / name} is there already: `minwon models remove {name}` first, or bring it under another --name"
        )


def name_in(staged: Path, otherwise: str) -> str:
    """How the model calls itself: its folder's name, or ``otherwise`` when it is unpacked without one."""
    folder = _model_in(staged)
    return folder.name if folder != staged else otherwise


def _model_in(staged: Path) -> Path:
    """The one model below; the folder itself when there is none: looking at it tells why."""
    level = [staged]
    for _ in range(DEEPEST):
        if models := [folder for folder in level if shelves.is_model(folder)]:
            if len(models) > 1:
                names = ", ".join(sorted(folder.name for folder in models))
                raise ModelFault(f"it holds several models ({names}); bring them one by one")
            return models[0]
        level = [entry for folder in level for entry in sorted(folder.iterdir()) if entry.is_dir()]
        if len(level) == 1:
            staged = level[0]
    return staged


def _sweep(arriving: Path) -> None:
    """Remove what processes left behind that are gone: their locks went with them."""
    for folder in arriving.glob("unpacked-*"):
        with contextlib.suppress(BlockingIOError):
            os.close(held_folder(folder, wait=False))
            shutil.rmtree(folder, ignore_errors=True)
