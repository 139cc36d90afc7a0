"""The shelf of speech models: finds one and makes sure, before a C++ library touches it, that it can be loaded.

Nothing is downloaded here. Vosk itself aborts the process, leaves it by ``sys.exit`` or fetches unverified archives
when a model is not there; so everything that can be known beforehand is known here and said as advice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

import msgspec

from core.errors import ModelFault

BUNDLED: Final = "ko-hanbit"
"""The model that comes with the product; see models/README.md for what it can and cannot do."""

_HERE: Final = Path(__file__).parent
_LABEL_FILE: Final = "label.toml"
_ALWAYS: Final = ("am/final.mdl", "conf/mfcc.conf", "conf/model.conf")
_STATIC: Final = ("graph/HCLG.fst", "graph/words.txt")
_LOOKAHEAD: Final = ("graph/HCLr.fst", "graph/Gr.fst", "graph/disambig_tid.int")
_RATE: Final = re.compile(r"^\s*--sample-frequency\s*=\s*(\d+)", re.MULTILINE)
_DEFAULT_RATE: Final = 16000


Engine = Literal["vosk", "sherpa"]
"""Which of our engines runs a model."""


class Label(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands on the model: ``label.toml`` in its folder."""

    language: str = ""
    """BCP 47: 'ko'."""
    label: str = ""
    """One honest sentence about what it is good for."""
    engine: Engine = "vosk"
    """Who runs it."""
    kind: str = ""
    """How the engine must take it: of sherpa-onnx 'wenet_ctc', 'zipformer2_ctc', 'transducer' (streaming) or
    'sense_voice', 'whisper', 'moonshine', 'zipformer' (whole utterances); '' = there is but one way."""
    sizes: dict[str, int] = {}
    """Bytes of its files, as shipped."""


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
    advice when there is none, or a file of it is missing, empty or cut off.
    """
    path = _locate(name_or_path or BUNDLED, shelves)
    if not path.is_dir():
        raise ModelFault(f"the speech model {path} is not a folder; unpack the archive and name the folder")
    _check_files(path)
    label = _label(path)
    _check_sizes(path, label)
    files = [file for file in path.rglob("*") if file.is_file()]
    return ModelInfo(
        path=path,
        name=path.name,
        language=label.language,
        rate=_rate(path),
        size=sum(file.stat().st_size for file in files),
        label=label.label,
        engine=label.engine,
        kind=label.kind,
    )


def installed(*, shelves: Sequence[Path] = ()) -> list[ModelInfo]:
    """All usable models on the shelves, by name."""
    folders = {entry.parent for shelf in (*shelves, _HERE) for entry in shelf.glob("*/am")}
    return [find(str(folder)) for folder in sorted(folders, key=lambda folder: folder.name)]


def _locate(wanted: str, shelves: Sequence[Path]) -> Path:
    if "/" not in wanted:
        for shelf in (*shelves, _HERE):
            if (shelf / wanted / "am").is_dir():
                return shelf / wanted
    path = Path(wanted).expanduser()
    if path.exists():
        return path.resolve()
    known = sorted({entry.parent.name for shelf in (*shelves, _HERE) for entry in shelf.glob("*/am")})
    raise ModelFault(
        f"there is no speech model '{wanted}'; name a folder that holds a Vosk model, or one of: {', '.join(known)}"
    )


def _check_files(path: Path) -> None:
    inner = [entry.parent for entry in path.glob("*/am") if entry.is_dir()]
    if not (path / "am").is_dir() and inner:
        raise ModelFault(f"the speech model is one folder deeper; set it to {inner[0]}")
    graph = _STATIC if (path / "graph/HCLG.fst").exists() else _LOOKAHEAD
    for name in (*_ALWAYS, *graph):
        file = path / name
        if not file.is_file():
            raise ModelFault(f"{path} is no complete Vosk model: {name} is missing; fetch or unpack it again")
        if file.stat().st_size == 0:
            raise ModelFault(f"{path} is no complete Vosk model: {name} is empty; fetch or unpack it again")


def _check_sizes(path: Path, label: Label) -> None:
    for name, size in label.sizes.items():
        file = path / name
        found = file.stat().st_size if file.is_file() else 0
        if found != size:
            raise ModelFault(
                f"the speech model in {path} is broken: {name} has {found} bytes, not {size}; unpack it again"
            )


def _label(path: Path) -> Label:
    file = path / _LABEL_FILE
    if not file.exists():
        return Label()
    try:
        return msgspec.toml.decode(file.read_bytes(), type=Label)
    except msgspec.DecodeError as error:
        raise ModelFault(f"{file} can't be read: {error}; install the model again or delete that file") from error


def _rate(path: Path) -> int:
    try:
        found = _RATE.search((path / "conf/mfcc.conf").read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise ModelFault(f"{path}/conf/mfcc.conf is not text; fetch or unpack the model again") from error
    rate = int(found[1]) if found else _DEFAULT_RATE
    if not 8000 <= rate <= 48000:
        raise ModelFault(f"{path}/conf/mfcc.conf names {rate} samples a second; 8000 to 48000 can be used")
    return rate
