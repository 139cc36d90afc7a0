"""The shelf of speech models: finds one and makes sure, before a C++ library touches it, that it can be loaded.

Nothing is downloaded here. Engines abort the process, leave it by ``sys.exit`` or fetch unverified archives when a
model is not there; so everything that can be known beforehand is known here and said as advice.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from core.errors import ModelFault
from models import catalog, foreign_files, sherpa_files, vosk_files
from models.label import LABEL_FILE, Engine, Label, read_label

BUNDLED: Final = "ko-hanbit"
"""The model that comes with the product; see models/README.md for what it can and cannot do."""
BUNDLED_SHERPA: Final = "ko-hanbit-ctc"
"""Its twin for sherpa-onnx, of which it is a demonstration."""

_HERE: Final = Path(__file__).parent


class ModelInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A model that is there and complete."""

    path: Path
    name: str
    language: str
    """'' when the model does not say."""
    rate: int
    """Samples per second that it was trained on."""
    size: int
    """Bytes of all its files."""
    label: str
    """What it is good for, '' when nobody said."""
    engine: Engine = "vosk"
    """Who runs it."""
    kind: str = ""
    """See ``Label``."""


def find(name_or_path: str = "", *, shelves: Sequence[Path] = ()) -> ModelInfo:
    """The model of that name on a shelf, or in that folder; '' is the bundled one.

    ``shelves`` are further folders that hold models, searched before the product's own. Raises ``ModelFault`` with
    advice when there is none, a file of it is missing, empty or cut off, or it is made for another engine.
    """
    path = _locate(name_or_path or BUNDLED, shelves)
    try:
        return _examined(path)
    except OSError as fault:
        raise ModelFault(f"the speech model {path} can't be read ({fault.strerror}): let this user read it") from fault


def folders(*, shelves: Sequence[Path] = ()) -> list[Path]:
    """Everything on the shelves that is or was meant to be a model, by name; the first shelf that has a name wins."""
    found: dict[str, Path] = {}
    for shelf in (*shelves, _HERE):
        for folder in shelf.iterdir() if shelf.is_dir() else ():
            if is_model(folder) or (shelf != _HERE and folder.is_dir() and not folder.name.startswith(".")):
                found.setdefault(folder.name, folder)
    return [found[name] for name in sorted(found)]


def installed(*, shelves: Sequence[Path] = ()) -> list[ModelInfo]:
    """All usable models on the shelves, by name."""
    usable = []
    for folder in folders(shelves=shelves):
        try:
            usable.append(find(str(folder)))
        except ModelFault:
            continue
    return usable


def _locate(wanted: str, shelves: Sequence[Path]) -> Path:
    if "/" not in wanted:
        for shelf in (*shelves, _HERE):
            if (shelf / wanted).is_dir() and (shelf != _HERE or is_model(shelf / wanted)):
                return (shelf / wanted).resolve()
    path = Path(wanted).expanduser()
    if path.exists():
        return path.resolve()
    if wanted in catalog.offers():
        raise ModelFault(f"the speech model '{wanted}' is not on this machine; run: minwon models fetch {wanted}")
    known = [folder.name for folder in folders(shelves=shelves)]
    raise ModelFault(
        f"there is no speech model '{wanted}'; name a folder that holds one, or one of: {', '.join(known)}; "
        "`minwon models list` shows what can be fetched"
    )


def is_model(folder: Path) -> bool:
    """Whether this was meant to be a model that we run."""
    return not folder.name.startswith(".") and (
        vosk_files.looks_like(folder) or sherpa_files.looks_like(folder) or (folder / LABEL_FILE).is_file()
    )


def _examined(path: Path) -> ModelInfo:
    if not path.is_dir():
        raise ModelFault(f"the speech model {path} is not a folder; `minwon models import` unpacks an archive")
    own = read_label(path)
    offer = catalog.offers().get(path.name)
    label = own or (offer.label if offer is not None else Label())
    engine: Engine = "sherpa" if own is not None and own.engine == "sherpa" else _engine(path)
    kind, rate = label.kind, 0
    if engine == "sherpa":
        recipe = sherpa_files.recipe(path, label.kind)
        kind, rate = recipe.kind, recipe.rate
    else:
        vosk_files.check(path)
        rate = vosk_files.rate(path)
    _check_sizes(path, label)
    return ModelInfo(
        path=path,
        name=path.name,
        language=label.language,
        rate=rate,
        size=sum(file.stat().st_size for file in path.rglob("*") if file.is_file()),
        label=label.label,
        engine=engine,
        kind=kind,
    )


def _engine(path: Path) -> Engine:
    """Who runs a model that does not say it. Raises ``ModelFault`` when it is none of ours, or not here."""
    if vosk_files.looks_like(path):
        return "vosk"
    if sherpa_files.looks_like(path):
        return "sherpa"
    if foreign := foreign_files.kind_of(path):
        raise ModelFault(f"{path} is {foreign}; minwon runs models of Vosk and sherpa-onnx")
    inner = [folder for folder in sorted(path.iterdir()) if folder.is_dir() and is_model(folder)]
    if inner:
        raise ModelFault(f"the speech model is one folder deeper; set it to {inner[0]}")
    raise ModelFault(
        f"{path} holds no speech model: a Vosk model has am/, conf/ and graph/, one of sherpa-onnx tokens.txt and .onnx"
    )


def _check_sizes(path: Path, label: Label) -> None:
    for name, size in label.sizes.items():
        file = path / name
        found = file.stat().st_size if file.is_file() else 0
        if found != size:
            raise ModelFault(
                f"the speech model in {path} is broken: {name} has {found} bytes, not {size}; fetch or import it again"
            )
