"""A long piece of work as steps with names, each in a folder of its own: done once, skipped when nothing changed,
gone on with when it was broken off.

A step's fingerprint is that of everything that its result depends on: its options, its source files, the fingerprints
of the steps before it that it needs. ``step.json`` in its folder remembers it.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

import msgspec

from core.errors import BadInput

Tell = Callable[[float], None]
"""Hears the share of a step that is done, 0..1."""
Work = Callable[[Path, Tell], str]
"""Does a step's work in its folder and says in a few words what came of it."""

_MEMORY: Final = "step.json"


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One of them."""

    name: str
    """Also its folder's."""
    says: str
    """What it does: 'speak 25 hours'."""
    seconds: float
    """How long it will take, about."""
    work: Work
    needs: tuple[str, ...] = ()
    """Steps whose results it uses."""
    options: Mapping[str, Any] = {}
    """What changes its result."""
    sources: tuple[Path, ...] = ()
    """Files and folders of code and data that change its result."""


class Remembered(msgspec.Struct, frozen=True, kw_only=True):
    """What ``step.json`` says."""

    fingerprint: str
    done: bool = False
    result: str = ""
    seconds: float = 0.0
    """Of wall time, of the run that ended it."""


class Audience(Protocol):
    """Who is shown how it goes."""

    def begin(self, step: Step) -> None:
        """A step's work begins."""

    def tell(self, share: float) -> None:
        """So much of it is done."""

    def end(self, step: Step, memory: Remembered, *, cached: bool) -> None:
        """It is over, or was so already."""


def run_steps(steps: Sequence[Step], folder: Path, audience: Audience, *, stop_after: str = "") -> list[Remembered]:
    """Do them in order, each in ``folder/name``, up to ``stop_after``. Raises ``BadInput`` if no step is called so.

    ``folder`` is made where it is not, for its owner alone (0700): people's voices may lie there.
    """
    if stop_after and stop_after not in [step.name for step in steps]:
        names = ", ".join(step.name for step in steps)
        raise BadInput(f"there is no step '{stop_after}' to stop after; steps are: {names}")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    prints: dict[str, str] = {}
    memories = []
    for step in steps:
        prints[step.name] = fingerprint(step, prints)
        memories.append(_done(step, folder / step.name, prints[step.name], audience))
        if step.name == stop_after:
            break
    return memories


def fingerprint(step: Step, others: Mapping[str, str]) -> str:
    """Of all that a step's result depends on; ``others`` are those of earlier steps.

    Raises ``BadInput`` when one of its files is not there.
    """
    digest = hashlib.sha256(msgspec.json.encode([step.name, step.options, [others[name] for name in step.needs]]))
    for file in sorted(_files(step.sources)):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def _done(step: Step, folder: Path, wanted: str, audience: Audience) -> Remembered:
    memory = remembered(folder)
    if memory is not None and memory.fingerprint == wanted and memory.done:
        audience.end(step, memory, cached=True)
        return memory
    if memory is None or memory.fingerprint != wanted:  # what lies there was made of something else
        shutil.rmtree(folder, ignore_errors=True)
        _remember(folder, Remembered(fingerprint=wanted))
    audience.begin(step)
    began = time.monotonic()
    result = step.work(folder, audience.tell)
    memory = Remembered(fingerprint=wanted, done=True, result=result, seconds=round(time.monotonic() - began, 1))
    _remember(folder, memory)
    audience.end(step, memory, cached=False)
    return memory


def remembered(folder: Path) -> Remembered | None:
    """What is known of the step in that folder; None if nothing."""
    try:
        return msgspec.json.decode((folder / _MEMORY).read_bytes(), type=Remembered)
    except (OSError, msgspec.MsgspecError):
        return None


def _remember(folder: Path, memory: Remembered) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{_MEMORY}"
    draft.write_bytes(msgspec.json.encode(memory))
    draft.rename(folder / _MEMORY)


def _files(sources: Iterable[Path]) -> set[Path]:
    found: set[Path] = set()
    for source in sources:
        if not source.exists():
            raise BadInput(f"there is no {source}, of which something is to be made")
        inner = source.rglob("*") if source.is_dir() else (source,)
        found |= {file for file in inner if file.is_file() and "__pycache__" not in file.parts}
    return found
