"""``minwon models fetch``: a model of the catalogue, from its makers onto the shelf."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from core.errors import BadInput, ModelFault
from models import shelf as shelves
from models.catalog import Offer
from models.shelf import ModelInfo
from models.stocking import checksums, place
from models.stocking.archives import unpack
from models.stocking.disk import check_room, told
from models.stocking.download import OFFLINE, PATIENCE, Patience, download
from models.stocking.part import held
from models.stocking.place import NotRun, TryOut
from models.stocking.telling import Notice, Progress, Tell

GROWTH: Final = 2
"""An unpacked model may be so many times its archive; the archive lies beside it until it is."""
USUAL: Final = 500_000_000
"""Bytes of an archive of which nobody says how large it is."""


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """It is on the shelf."""

    info: ModelInfo
    already: bool = False
    """It was there before; nothing was fetched."""
    sha256: str = ""
    """Of the archive."""
    first_use: bool = False
    """Nobody had told the checksum: it is recorded now, in ``checksums.toml``."""


def fetch(
    offer: Offer, shelf: Path, *, tell: Tell, try_out: TryOut, url: str = "", patience: Patience = PATIENCE
) -> Fetched:
    """Bring it, check it, unpack it, try it out, put it there. ``url``: another place that has the same archive.

    Raises ``BadInput`` for a ``url`` that is not one of the web, ``ModelFault`` for what goes wrong, in one line; the
    shelf is then as before, but for the part that has come, which the next try goes on with.
    """
    if url and not url.lower().startswith(("https://", "http://")):
        raise BadInput(f"{url} is no address of the web (https://..., http://...); {OFFLINE}")
    with told(shelf):
        if (there := _there(shelf, offer.name)) is not None:
            return there
        check_room(shelf, (offer.size or USUAL) * (1 + GROWTH))
        return _fetch(offer, shelf, url or offer.url, tell, try_out, patience)


def _fetch(offer: Offer, shelf: Path, url: str, tell: Tell, try_out: TryOut, patience: Patience) -> Fetched:
    with held(shelf, offer.name, tell) as part:
        if (there := _there(shelf, offer.name)) is not None:  # brought by whom we waited for
            part.forget()
            return there
        remembered = checksums.recorded(shelf).get(offer.name)
        known = offer.sha256 or (remembered.sha256 if remembered is not None else "")
        what = f"fetching {offer.name}"
        download(url, part, what=what, proven=bool(known), tell=tell, patience=patience)
        size = part.size
        checking = Progress(what=f"checking {offer.name}", total=size)
        found = checksums.sha256_of(part.file, lambda done: tell(msgspec.structs.replace(checking, done=done)))
        check_room(shelf, size * GROWTH)
        said_by = "the catalogue" if offer.sha256 else f"{shelf / checksums.FILE}, where it was recorded before,"
        try:
            checksums.check(offer.name, found, known, said_by)
            with place.staging(shelf) as staged:
                unpack(part.file, staged, tell=tell, called=offer.url.rpartition("/")[2])
                info = place.put(staged, shelf, offer.name, try_out)
        except ModelFault as fault:
            if not isinstance(fault, NotRun):  # that may be this machine's doing: an engine that is not installed
                part.forget()
            raise
        if not known:
            checksums.record(shelf, offer.name, found, size, url)
            tell(Notice(says=f"no checksum of {offer.name} was known: {found} is recorded from now on"))
        part.forget()
    return Fetched(info=info, sha256=found, first_use=not known)


def _there(shelf: Path, name: str) -> Fetched | None:
    """What is on the shelf under that name. Raises ``ModelFault`` when it is of no use."""
    if not (shelf / name).exists():
        return None
    try:
        return Fetched(info=shelves.find(str(shelf / name)), already=True)
    except ModelFault as fault:
        raise ModelFault(f"{fault}; first: minwon models remove {name}") from fault
