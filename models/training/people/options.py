"""What a tuning was asked for, and what it needs of the rooms above."""

from __future__ import annotations

from pathlib import Path

import msgspec

from core.errors import BadInput
from models.training.people.finetune import Recipe
from models.training.people.measuring import Decode, Synthetic
from models.training.people.wording import Mixture

FILE = "options.json"


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """Everything is decided here."""

    speech: Path
    """The folder of recordings; see ``readers``."""
    recordings: str = ""
    """Their fingerprint (``readers.corpus_print``); the folder itself need not be where a tuning goes on."""
    base: Path
    """The model that is tuned."""
    name: str
    """Of the tuned one."""
    work: Path
    """Where steps keep what they made."""
    copies: int
    recipe: Recipe
    jobs: int
    """Processes."""
    gpu: bool = False
    share: float = 1.0
    """Of the training speech that is used."""
    hours: float = 1.0
    """Of it, as estimated before it starts."""
    text: Path | None = None
    """Text of the domain."""
    checks: tuple[Path, ...] = ()
    """Further recordings that are only measured on."""
    mixture: Mixture = Mixture()
    synthetic: Path | None = None
    """Shards of synthetic speech that are there already."""
    sentences: int = 6000
    """Else so many are spoken."""
    stop_after: str = ""


def keep(options: Options) -> None:
    """Beside the steps, so that a tuning can go on elsewhere."""
    options.work.mkdir(parents=True, exist_ok=True)
    (options.work / FILE).write_bytes(msgspec.json.encode(options, enc_hook=str))


def kept(work: Path) -> Options:
    """Of the tuning in that folder, wherever the folder lies now. Raises ``BadInput`` if none was begun there."""
    try:
        found = msgspec.json.decode((work / FILE).read_bytes(), type=Options, dec_hook=lambda kind, text: kind(text))
    except (OSError, msgspec.MsgspecError) as error:
        raise BadInput(f"no tuning was begun in {work}; name its --work folder") from error
    return msgspec.structs.replace(found, work=work.absolute())


class Tools(msgspec.Struct, frozen=True, kw_only=True):
    """Given from above: models can't load an engine."""

    decode: Decode
    synthetic: Synthetic
