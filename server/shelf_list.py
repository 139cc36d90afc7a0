"""``minwon models list``: what is on the shelves, what can be fetched, and which setting uses what."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import msgspec

from core.config import Config
from core.errors import ModelFault
from core.home import Home
from models import catalog, shelf
from server import models_here


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A model, as ``--json`` has it."""

    name: str
    state: Literal["installed", "broken", "missing", "available"]
    languages: tuple[str, ...] = ()
    """BCP 47; empty = nobody said."""
    engine: str = ""
    kind: str = ""
    rate: int = 0
    """Samples per second."""
    size: int = 0
    """Bytes: of the files, or of the archive; 0 = not known."""
    says: str = ""
    """What it is good for, or why it can't be used."""
    licence: str = ""
    url: str = ""
    path: str = ""
    used_by: tuple[str, ...] = ()
    """Settings: 'stt.model', 'languages: en (line 1120)'."""


def rows(config: Config, home: Home) -> list[Row]:
    """Everything, models that are here first, then what the configuration names and is nowhere."""
    uses = users(config, home)
    folders = dict.fromkeys([*shelf.folders(shelves=[home.models]), *uses])  # settings may name folders elsewhere
    here = [_here(folder, uses.get(folder, [])) for folder in folders] + _missing(config, home)
    names = {row.name for row in here}
    return [*here, *(_offered(offer) for offer in catalog.offers().values() if offer.name not in names)]


def users(config: Config, home: Home) -> dict[Path, list[str]]:
    """Which settings use which model's folder, be it broken; what is nowhere is left out."""
    found: dict[Path, list[str]] = {}
    for name, used_by in models_here.uses(config).items():
        if (folder := _folder(home, name)) is not None:
            found.setdefault(folder, []).extend(used_by)
    return found


def _folder(home: Home, name: str) -> Path | None:
    try:
        return models_here.found(home, name).path
    except ModelFault:
        broken = home.models / name
        return broken.resolve() if broken.is_dir() else None


def _missing(config: Config, home: Home) -> list[Row]:
    """What settings name and is nowhere."""
    missing = []
    for name, used_by in models_here.uses(config).items():
        try:
            models_here.found(home, name)
        except ModelFault as fault:
            if _folder(home, name) is None:
                missing.append(Row(name=name, state="missing", says=str(fault), used_by=tuple(used_by)))
    return missing


def in_words(of: Iterable[Row], width: int) -> str:
    """For people: what is here, then what can be fetched; each in one line, and what is known of it below."""
    of = list(of)
    lines = ["On this machine:"]
    for row in of:
        if row.state != "available":
            used_by = f"used by {', '.join(row.used_by)}" if row.used_by else "not used"
            lines += _entry(row, used_by if row.state == "installed" else f"{row.state.upper()}, {used_by}", width)
    lines += ["", "minwon models fetch NAME brings:"]
    for row in of:
        if row.state == "available":
            lines += _entry(row, row.licence, width)
    return "\n".join(lines)


def _entry(row: Row, last: str, width: int) -> list[str]:
    engine = f"{row.engine} ({row.kind})" if row.kind else row.engine
    size = f"{row.size / 1e6:.0f} MB" if row.size else "size not known" if row.state == "available" else ""
    facts = (row.name, " ".join(row.languages), engine, f"{row.rate} Hz" if row.rate else "", size, last)
    indent = " " * 6
    about = textwrap.wrap(row.says, width - 1, initial_indent=indent, subsequent_indent=indent, break_long_words=False)
    return ["  " + "  ".join(fact for fact in facts if fact), *about]


def _here(folder: Path, used_by: list[str]) -> Row:
    try:
        info = shelf.find(str(folder))
    except ModelFault as fault:
        return Row(name=folder.name, state="broken", path=str(folder), says=str(fault), used_by=tuple(used_by))
    offer = catalog.offers().get(info.name)
    return Row(
        name=info.name,
        state="installed",
        languages=offer.languages if offer is not None else (info.language,) if info.language else (),
        engine=info.engine,
        kind=info.kind,
        rate=info.rate,
        size=info.size,
        says=info.label,
        licence=offer.licence if offer is not None else "",
        url=offer.url if offer is not None else "",
        path=str(info.path),
        used_by=tuple(used_by),
    )


def _offered(offer: catalog.Offer) -> Row:
    return Row(
        name=offer.name,
        state="available",
        languages=offer.languages,
        engine=offer.engine,
        kind=offer.kind,
        rate=offer.rate,
        size=offer.size,
        says=offer.says,
        licence=offer.licence,
        url=offer.url,
    )
