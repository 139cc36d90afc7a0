"""Which files make a Vosk (Kaldi nnet3) model: known before Kaldi touches them, for Kaldi ends the process on others.

Two layouts are about (``Model::ConfigureV1`` and ``ConfigureV2`` of libvosk): the newer one in folders, and the flat
one of models from before 2020. A graph is one static ``HCLG.fst``, or ``HCLr.fst`` and ``Gr.fst`` that are composed
while decoding; only the latter takes run-time grammars.
"""

from __future__ import annotations

import mmap
import re
from pathlib import Path
from typing import Final

import msgspec

from core.errors import ModelFault


class _Layout(msgspec.Struct, frozen=True):
    """Where the files of a model are."""

    network: str
    features: str
    settings: tuple[str, ...]
    graph: str
    """Folder of the graph, with a slash, or ''."""


_FOLDERS: Final = _Layout("am/final.mdl", "conf/mfcc.conf", ("conf/model.conf",), "graph/")
_FLAT: Final = _Layout("final.mdl", "mfcc.conf", (), "")
_STATIC: Final = ("HCLG.fst", "words.txt")
_LOOKAHEAD: Final = ("HCLr.fst", "Gr.fst", "disambig_tid.int")
_IVECTOR: Final = ("online_cmvn.conf", "splice.conf", "final.mat", "global_cmvn.stats", "final.dubm")
_RATE: Final = re.compile(r"^\s*--sample-frequency\s*=\s*(\d+)", re.MULTILINE)
_DEFAULT_RATE: Final = 16000
_FST_MAGIC: Final = (2125659606).to_bytes(4, "little")
_KALDI: Final = (b"\0B<TransitionModel>", b"<TransitionModel>")
_NETWORK_WITHIN: Final = 16 << 20
"""The network begins behind the transition model, which is much smaller than this."""
_AGAIN: Final = "fetch or import it again"


def looks_like(folder: Path) -> bool:
    """Whether this was meant to be a Vosk model: it may be half of one."""
    return (folder / "am").is_dir() or (folder / "final.mdl").is_file()


def takes_grammars(folder: Path) -> bool:
    """Whether the model's graph is put together while decoding, so that a grammar can take its place."""
    graph = folder / _layout(folder).graph
    return (graph / "Gr.fst").is_file() and not _is_static(graph)


def check(folder: Path) -> None:
    """Raises ``ModelFault`` when a file is missing, empty, of another format, or the network of another kind."""
    layout = _layout(folder)
    graph = _STATIC if _is_static(folder / layout.graph) else _LOOKAHEAD
    names = [layout.network, layout.features, *layout.settings, *(layout.graph + name for name in graph)]
    if (folder / "ivector/final.ie").is_file():
        names += [f"ivector/{name}" for name in _IVECTOR]
    for name in names:
        file = folder / name
        if not file.is_file():
            raise ModelFault(f"{folder} is no complete Vosk model: {name} is missing; {_AGAIN}")
        if file.stat().st_size == 0:
            raise ModelFault(f"{folder} is no complete Vosk model: {name} is empty; {_AGAIN}")
    for name in names:
        if name.endswith(".fst") and _head(folder / name, 4) != _FST_MAGIC:
            raise ModelFault(f"{folder}/{name} is no OpenFst graph; {_AGAIN}")
    _check_network(folder / layout.network)


def rate(folder: Path) -> int:
    """Samples per second that the model was trained on. Raises ``ModelFault`` for one that nobody has."""
    file = folder / _layout(folder).features
    try:
        found = _RATE.search(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise ModelFault(f"{file} is not text; {_AGAIN}") from error
    hertz = int(found[1]) if found else _DEFAULT_RATE
    if not 8000 <= hertz <= 48000:
        raise ModelFault(f"{file} names {hertz} samples a second; 8000 to 48000 can be used")
    return hertz


def _layout(folder: Path) -> _Layout:
    # As libvosk decides, which looks for the network of the newer layout only.
    return _FLAT if (folder / "final.mdl").is_file() and not (folder / "am").is_dir() else _FOLDERS


def _is_static(graph: Path) -> bool:
    # libvosk looks for this one first.
    return (graph / "HCLG.fst").exists()


def _head(file: Path, size: int) -> bytes:
    with file.open("rb") as opened:
        return opened.read(size)


def _check_network(file: Path) -> None:
    if not _head(file, 32).startswith(_KALDI):
        raise ModelFault(f"{file} is no Kaldi acoustic model; {_AGAIN}")
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find(b"<Nnet3>", 0, _NETWORK_WITHIN) >= 0:
            return
        for token, kind in ((b"<DiagGMM>", "GMM"), (b"<DIAGGMM>", "GMM"), (b"<Nnet>", "nnet2")):
            if content.find(token, 0, _NETWORK_WITHIN) >= 0:
                raise ModelFault(f"{file} is a {kind} model of Kaldi; Vosk runs nnet3 (chain) models only")
