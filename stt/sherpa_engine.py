"""Loads a sherpa-onnx model. The only file that imports ``sherpa_onnx``; runs in decode workers.

sherpa-onnx raises for some broken models and ends the process for others, saying why on stderr: both reach the operator
as one line, the second by way of the worker's death (:meth:`stt.decode_link.DecodeLink.epitaph`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import sherpa_onnx

from core.errors import ModelFault
from models.hot_words import BPE_VOCABULARY
from models.label import MANY
from models.shelf import ModelInfo
from models.sherpa_files import HOT_WORD_KINDS, HOT_WORDS, Recipe, recipe
from stt.contract import Recognizer
from stt.sherpa_streaming import StreamingRecognizer
from stt.sherpa_whole import WholeRecognizer

HOT_WORD_SCORE: Final = 1.5
"""What each token of a hot word gains (natural logarithm); sherpa-onnx's own default."""

MAKERS: Final[Mapping[str, Any]] = {
    "transducer": sherpa_onnx.OnlineRecognizer.from_transducer,
    "zipformer2_ctc": sherpa_onnx.OnlineRecognizer.from_zipformer2_ctc,
    "wenet_ctc": sherpa_onnx.OnlineRecognizer.from_wenet_ctc,
    "nemo_ctc": sherpa_onnx.OnlineRecognizer.from_nemo_ctc,
    "zipformer": sherpa_onnx.OfflineRecognizer.from_transducer,
    "zipformer_ctc": sherpa_onnx.OfflineRecognizer.from_zipformer_ctc,
    "sense_voice": sherpa_onnx.OfflineRecognizer.from_sense_voice,
    "whisper": sherpa_onnx.OfflineRecognizer.from_whisper,
    "moonshine": sherpa_onnx.OfflineRecognizer.from_moonshine,
}
_TOLD: Final[Mapping[str, frozenset[str] | None]] = {
    "whisper": None,
    "sense_voice": frozenset({"zh", "en", "ja", "ko", "yue"}),
}
"""Kinds that are told the language, and which ones they know (None: nearly all). Of another one, or when it may be any
of several, they are told nothing and find it out themselves."""
_RAW_AUDIO: Final = frozenset({"whisper", "moonshine"})
"""Kinds whose sherpa-onnx constructor takes no sample rate and no number of features."""


def load(info: ModelInfo) -> Recognizer:
    """The model, ready. Raises ``ModelFault`` when sherpa-onnx can't; a wrong one may end the process instead."""
    how = recipe(info.path, info.kind)
    given = options(how, info.language, info.path / HOT_WORDS)
    try:
        made = MAKERS[how.kind](**given)
        if how.filters:
            _rebuild(made, how.filters)
    except Exception as error:  # pybind11 raises RuntimeError, the Python layer ValueError and AssertionError
        reason = " ".join(str(error).split())[:200]
        raise ModelFault(f"sherpa-onnx can't load the speech model in {info.path} as {how.kind}: {reason}") from error
    return StreamingRecognizer(made, how) if how.streaming else WholeRecognizer(made, how)


def options(how: Recipe, language: str, hot_words: Path) -> dict[str, Any]:
    """What the kind's constructor is given. Raises ``ModelFault`` for hot words that this kind can't listen for."""
    given: dict[str, Any] = {role: str(file) for role, file in how.files.items()}
    given["num_threads"] = 1  # there is a worker per core
    if how.kind not in _RAW_AUDIO:
        given |= {"sample_rate": how.rate, "feature_dim": how.features}
    if how.kind in _TOLD:
        code, known = language.partition("-")[0], _TOLD[how.kind]
        given["language"] = code if code != MANY and (known is None or code in known) else ""
    if hot_words.is_file():
        if how.kind not in HOT_WORD_KINDS:
            raise ModelFault(
                f"{hot_words} can't be used: a model of kind {how.kind} takes no hot words, only transducers do; "
                "delete that file"
            )
        vocabulary = hot_words.with_name(BPE_VOCABULARY)
        given |= {
            "decoding_method": "modified_beam_search",
            "hotwords_file": str(hot_words),
            "hotwords_score": HOT_WORD_SCORE,
        }
        if vocabulary.is_file():
            given |= {"modeling_unit": "bpe", "bpe_vocab": str(vocabulary)}
    return given


def _rebuild(made: Any, filters: tuple[float, float]) -> None:
    """Once more, with Kaldi's features as our own models know them: sherpa-onnx's constructors for CTC models know only
    their own mel filters and frames, its configuration knows them all."""
    features = made.config.feat_config
    features.low_freq, features.high_freq = filters
    features.snip_edges = True
    features.normalize_samples = False
    made.recognizer = type(made.recognizer)(made.config)
