"""The catalogue: which speech models of others can be had, from where, and what is known of each (``catalog.toml``).

It is written by hand from the vendors' pages. What nobody knows is said in words, never guessed.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from core.errors import ModelFault
from models.label import MANY, Engine, Label

NAME: Final = r"^[a-zA-Z0-9][a-zA-Z0-9._-]{0,99}$"
"""How a model may be called, here and on the shelf."""

_FILE: Final = Path(__file__).parent / "catalog.toml"


class Offer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A model that can be had."""

    name: Annotated[str, Meta(pattern=NAME)]
    """The folder in its archive, and on the shelf."""
    languages: Annotated[tuple[str, ...], Meta(min_length=1)]
    """BCP 47."""
    engine: Engine
    """Who runs it."""
    kind: str = ""
    """See ``Label``."""
    rate: int = 16000
    """Samples per second that it was trained on."""
    size: int = 0
    """Bytes of the archive, about; 0 = nobody said."""
    licence: str
    """Of the model; 'see its page' where it is not one of the usual."""
    url: Annotated[str, Meta(pattern="^https://")]
    """The archive, at its makers'."""
    sha256: Annotated[str, Meta(pattern="^([0-9a-f]{64})?$")] = ""
    """Of the archive; '' = not known to us, so it is recorded when it is fetched for the first time."""
    says: str
    """What is known of it: what it was made for, published error rates, where the checksum comes from."""

    @property
    def language(self) -> str:
        """As it stands on a label."""
        return self.languages[0] if len(self.languages) == 1 else MANY

    @property
    def label(self) -> Label:
        """The label of a folder that has none itself."""
        return Label(language=self.language, label=self.says, engine=self.engine, kind=self.kind)


class _Catalogue(msgspec.Struct, forbid_unknown_fields=True):
    model: list[Offer]


@cache
def offers() -> dict[str, Offer]:
    """All that can be had, by name, in the catalogue's order."""
    found = msgspec.toml.decode(_FILE.read_bytes(), type=_Catalogue).model
    return {offer.name: offer for offer in found}


def offer(name: str) -> Offer:
    """The offer of that name. Raises ``ModelFault`` with names that would have been right."""
    if (found := offers().get(name)) is not None:
        return found
    near = [known for known in offers() if name.lower() in known.lower() or known.lower() in name.lower()]
    advice = ", ".join(near) or "`minwon models list` shows all of it"
    raise ModelFault(f"the catalogue has no speech model '{name}'; {'did you mean: ' if near else ''}{advice}")
