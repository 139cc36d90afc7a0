"""Which files make which kind of sherpa-onnx model: what stands in the folder of an unpacked official archive.

The engine needs to know the kind before it loads anything, for sherpa-onnx ends the process when it is told a wrong
one. The kind stands in ``label.toml``, or is found here: by the names of the files and, where a streaming model and one
for whole utterances have the same names, by what the ONNX file says of itself.

File names: https://k2-fsa.github.io/sherpa/onnx/pretrained_models/index.html; metadata: what icefall's, WeNet's and
NeMo's export scripts write (``decode_chunk_len``: a streaming Zipformer; ``window_size``: a streaming NeMo model;
``right_context``: a streaming WeNet model).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from core.errors import ModelFault
from models.onnx_metadata import metadata

HOT_WORDS: Final = "hotwords.txt"
"""In a model's folder: phrases that it shall listen for, one a line. For transducers."""

STREAMING: Final = frozenset({"transducer", "zipformer2_ctc", "wenet_ctc", "nemo_ctc"})
"""Kinds that hear while somebody speaks; the others want an utterance as a whole."""

HOT_WORD_KINDS: Final = frozenset({"transducer", "zipformer"})
"""Kinds with a beam search that can prefer given phrases (``modified_beam_search``)."""

_TRANSDUCER: Final = {"encoder": "encoder*", "decoder": "decoder*", "joiner": "joiner*"}
_ONE_MODEL: Final = {"model": "*model*"}
_WHISPER: Final = {"encoder": "*-encoder*", "decoder": "*-decoder*"}
FILES: Final[dict[str, dict[str, str]]] = {
    "transducer": _TRANSDUCER,
    "zipformer": _TRANSDUCER,
    "zipformer2_ctc": {"model": "*"},
    "wenet_ctc": {"model": "*"},
    "nemo_ctc": _ONE_MODEL,
    "zipformer_ctc": _ONE_MODEL,
    "sense_voice": _ONE_MODEL,
    "whisper": _WHISPER,
    "moonshine": {
        "preprocessor": "preprocess*",
        "encoder": "encode*",
        "uncached_decoder": "uncached_decode*",
        "cached_decoder": "cached_decode*",
    },
}
"""Parameters of sherpa-onnx's ``from_...`` and the files that go there, without ``.onnx``."""
_RECKONED: Final = frozenset({"zipformer2_ctc", "zipformer_ctc", "wenet_ctc", "nemo_ctc"})
_RATE: Final = 16000
_FEATURES: Final = 80
_FACTOR: Final = 4


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """How a folder is to be loaded."""

    kind: str
    files: dict[str, Path]
    """By the names of sherpa-onnx's parameters, ``tokens`` among them."""
    rate: int = _RATE
    """Samples per second that it was trained on. Official models do not say; they are 16 kHz."""
    features: int = _FEATURES
    """Numbers per 10 ms frame."""
    filters: tuple[float, float] | None = None
    """Lowest and highest frequency of our own models' mel filters, in Hz; None = as sherpa-onnx has them."""
    stretch: float = 1.0
    """What sherpa-onnx's times of tokens are to be multiplied by: for some kinds it reckons with four 10 ms frames an
    output, whatever the model does."""

    @property
    def streaming(self) -> bool:
        """Whether it hears while somebody speaks."""
        return self.kind in STREAMING


def looks_like(folder: Path) -> bool:
    """Whether this may be a sherpa-onnx model: tokens and networks stand in it."""
    return bool(_tokens(folder)) and any(folder.glob("*.onnx"))


def recipe(folder: Path, kind: str = "") -> Recipe:
    """How to load the model in that folder; ``kind`` where its label tells.

    Raises ``ModelFault`` when files are missing, cut off, of another format, or the kind is none that we know.
    """
    tokens = _tokens(folder)
    if tokens is None:
        raise ModelFault(f"{folder} is no complete sherpa-onnx model: tokens.txt is missing; fetch or unpack it again")
    kind = kind or _kind_of(folder)
    if kind not in FILES:
        raise ModelFault(f"{folder}/label.toml names the kind '{kind}'; known are: {', '.join(sorted(FILES))}")
    files = {role: _file(folder, kind, pattern) for role, pattern in FILES[kind].items()}
    about = {role: metadata(file) for role, file in files.items()}
    main = about.get("encoder") or about.get("model") or {}
    _check(folder, kind, main)
    own = "feature_low_freq" in main
    return Recipe(
        kind=kind,
        files={**files, "tokens": tokens},
        rate=_number(main, "sample_rate", _RATE) if own else _RATE,
        features=_number(main, "feature_dim", _FEATURES) if own else _FEATURES,
        filters=(float(main["feature_low_freq"]), float(main["feature_high_freq"])) if own else None,
        stretch=_number(main, "subsampling_factor", _FACTOR) / _FACTOR if own or kind in _RECKONED else 1.0,
    )


def _tokens(folder: Path) -> Path | None:
    plain = folder / "tokens.txt"
    return plain if plain.is_file() else next(iter(sorted(folder.glob("*-tokens.txt"))), None)


def _kind_of(folder: Path) -> str:
    names = {file.name for file in folder.glob("*.onnx")}

    def some(start: str) -> bool:
        return any(name.startswith(start) for name in names)

    if some("joiner"):
        return "transducer" if _streams(metadata(_file(folder, "transducer", "encoder*"))) else "zipformer"
    if some("uncached_decode"):
        return "moonshine"
    if any("-encoder" in name for name in names) and any("-decoder" in name for name in names):
        return "whisper"
    if len(names) in (1, 2) and not some("encoder"):
        return _one_model(folder)
    raise ModelFault(
        f"the files in {folder} make no sherpa-onnx model that we know; say which kind it is in label.toml "
        f"(kind = one of: {', '.join(sorted(FILES))})"
    )


def _one_model(folder: Path) -> str:
    about = metadata(_file(folder, "CTC", "*"))
    model_type = about.get("model_type", "")
    if model_type.startswith("sense_voice"):
        return "sense_voice"
    if model_type == "wenet_ctc" and "right_context" in about:
        return "wenet_ctc"
    if "window_size" in about and "chunk_shift" in about:
        return "nemo_ctc"
    if model_type.startswith("zipformer2"):
        return "zipformer2_ctc" if _streams(about) else "zipformer_ctc"
    raise ModelFault(
        f"the model in {folder} is a '{model_type or 'network without model_type'}', which we can't run; "
        f"known kinds: {', '.join(sorted(FILES))}"
    )


def _streams(about: dict[str, str]) -> bool:
    return "decode_chunk_len" in about or "window_size" in about


def _file(folder: Path, kind: str, pattern: str) -> Path:
    """The file of that part. Where there is one in eight bits and one in floats: the small one, but a transducer's
    decoder in floats (it is small anyway, and sherpa-onnx's own examples do so)."""
    found = sorted(folder.glob(f"{pattern}.onnx"))
    small = [file for file in found if file.name.endswith(".int8.onnx")]
    large = [file for file in found if file not in small]
    if not found:
        raise ModelFault(f"{folder} is no complete {kind} model: {pattern}.onnx is missing; fetch or unpack it again")
    if pattern == "decoder*" and large:
        return large[0]
    return (small or large)[0]


def _check(folder: Path, kind: str, about: dict[str, str]) -> None:
    """Refuse what is plainly of the other way of decoding: sherpa-onnx would end the process."""
    if kind in {"transducer", "zipformer2_ctc"} and not _streams(about):
        raise ModelFault(f"the model in {folder} takes whole utterances, its label says '{kind}', a streaming kind")
    if kind in {"zipformer", "zipformer_ctc"} and _streams(about):
        raise ModelFault(f"the model in {folder} is a streaming one, its label says '{kind}', for whole utterances")


def _number(about: dict[str, str], key: str, otherwise: int) -> int:
    try:
        return int(about.get(key, otherwise))
    except ValueError:
        return otherwise
