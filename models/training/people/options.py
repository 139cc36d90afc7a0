"""What a tuning was asked for, and what it needs of the rooms above."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
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


def keep(options: Options) -> Options:
    """Beside the steps, so that a tuning can go on elsewhere; the options with every path absolute, as they are kept.

    A folder that is made for it is its owner's alone (0700): people's voices will lie there.
    """
    options = msgspec.structs.replace(
        options,
        speech=_absolute(options.speech),
        base=_absolute(options.base),
        work=_absolute(options.work),
        text=options.text and _absolute(options.text),
        checks=tuple(_absolute(path) for path in options.checks),
        synthetic=options.synthetic and _absolute(options.synthetic),
    )
    options.work.mkdir(mode=0o700, parents=True, exist_ok=True)
    (options.work / FILE).write_bytes(msgspec.json.encode(options, enc_hook=str))
    return options


def kept(work: Path) -> Options:
    """Of the tuning in that folder, wherever the folder lies now. Raises ``BadInput`` if none was begun there."""
    try:
        found = msgspec.json.decode((work / FILE).read_bytes(), type=Options, dec_hook=lambda kind, text: kind(text))
    except (OSError, msgspec.MsgspecError) as error:
        raise BadInput(f"no tuning was begun in {work}; name its --work folder") from error
    return msgspec.structs.replace(found, work=work.absolute())


def check_there(text: Path | None, checks: Sequence[Path], synthetic: Path | None = None) -> None:
    """Before hours of work: that what is asked for can be read. Raises ``BadInput`` for the first that can't be."""
    if text is not None and not text.is_file():
        raise BadInput(f"there is no file {text}, which --text names: bring it there, or tune without it")
    named = [*((path, "check") for path in checks), *([(synthetic, "synthetic")] if synthetic else [])]
    for path, option in named:
        if not path.is_dir():
            raise BadInput(f"there is no folder {path}, which --{option} names: bring it there, or tune without it")
    name, count = Counter(_absolute(path).name for path in checks).most_common(1)[0] if checks else ("", 0)
    if count > 1:
        raise BadInput(f"{count} folders that --check names are called {name}: rename them, figures go by that name")


class Tools(msgspec.Struct, frozen=True, kw_only=True):
    """Given from above: models can't load an engine."""

    decode: Decode
    synthetic: Synthetic


def _absolute(path: Path) -> Path:
    return path if path.is_absolute() else path.resolve()
